import { isSecretName, looksSecret } from '../cluster-file/secrets.ts';
import { shown } from '../text-problem.ts';

/** A label as it stands behind a host. */
export interface Label {
  readonly key: string;
  readonly value: string;
}

/** Why a word is no label; never shows a secret. */
export interface NoLabel {
  readonly message: string;
  readonly hint: string;
  readonly isSecret?: true;
}

/** What a label may be called, in a list as in a cluster file. */
export const labelKey = /^[^\s=",:]{1,63}$/;
const maxValue = 200;

/** Whether a word of a host's line is meant as a label: `role=web`. No name of a host holds `=`. */
export function isLabelWord(word: string): boolean {
  return word.includes('=');
}

/** Reads `key=value`; the value has no blanks, quotes, commas or semicolons. */
export function readLabel(word: string): Label | NoLabel {
  const at = word.indexOf('=');
  const key = word.slice(0, at);
  const value = word.slice(at + 1);
  if (isSecretName(key) || looksSecret(value) !== null) {
    return {
      message: `${isSecretName(key) ? shown(key) : 'a label'} would hold a secret, and a cluster file may be shared`,
      hint: 'Leave it out: passwords are asked for when they are needed',
      isSecret: true,
    };
  }
  if (key.startsWith('ansible_'))
    return {
      message: `${shown(key)} is a variable of Ansible, not a label`,
      hint: 'Import it as an Ansible inventory',
    };
  // oxlint-disable-next-line no-control-regex -- control characters are exactly what is refused
  if (!labelKey.test(key) || /[\u0000-\u001f\u007f-\u009f]/.test(key)) {
    return {
      message: `${shown(key)} is no name for a label`,
      hint: 'Write letters, digits, dots, dashes, slashes and underscores, as "role=web"',
    };
  }
  if (value === '')
    return { message: `the label ${shown(key)} has no value`, hint: `Write "${key}=…", or leave it out` };
  // oxlint-disable-next-line no-control-regex -- control characters are exactly what is refused
  if (value.length > maxValue || /["'`=\u0000-\u001f\u007f-\u009f\u2028\u2029]/.test(value)) {
    return {
      message: `the label ${shown(key)} has a value that cannot be written in a list`,
      hint: `Use at most ${maxValue} characters without blanks, quotes and "="; a cluster file takes any text`,
    };
  }
  return { key, value };
}
