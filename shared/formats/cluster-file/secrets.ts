import { shown } from '../text-problem.ts';
import type { YamlNode, YamlPlace } from '../yaml-tree/read.ts';
import type { Findings } from './readers.ts';

const asWord = /(^|[-_.])(pass|password|passwd|passphrase|pw|secret|token|credentials?|private[-_]?key)$/i;
const inCamelCase = /[a-z](Pass|Password|Passwd|Passphrase|Secret|Token|Credentials?|PrivateKey)$/;

/** Whether a field's name says that its value is a secret. */
export function isSecretName(name: string): boolean {
  return asWord.test(name) || inCamelCase.test(name);
}

/** Says that a secret was found, never what it is. */
export function secretProblem(name: string, place: YamlPlace, findings: Findings): void {
  findings.addSecret(
    place,
    `${shown(name)} would hold a secret, and this file may be shared`,
    'Remove the line: passwords never go here. It will be asked for when it is needed.',
  );
}

/** What kind of secret a value is by its looks: such a value is never read and never shown. */
export function looksSecret(value: string): 'key' | 'password' | null {
  if (value.includes('PRIVATE KEY-----')) return 'key';
  return /^([a-z][a-z0-9+.-]*:\/\/)?[^\s:@/]*:[^\s@/]+@/i.test(value) ? 'password' : null;
}

/** Finds secrets by their looks anywhere in the file: key material, and passwords inside of addresses. */
export function findSecretValues(root: YamlNode, findings: Findings): void {
  const waiting: YamlNode[] = [root];
  for (let node = waiting.pop(); node; node = waiting.pop()) {
    if (node.kind === 'list') waiting.push(...node.items);
    else if (node.kind === 'map') waiting.push(...node.entries.map((entry) => entry.value));
    else {
      const secret = looksSecret(node.text);
      if (secret === 'key')
        findings.addSecret(
          node.place,
          'a private key is written here, and this file may be shared',
          "Write the path of the key's file instead, and make a new key: this one is no longer secret",
        );
      else if (secret === 'password')
        findings.addSecret(
          node.place,
          'this address holds a password, and this file may be shared',
          'Write it without the password: it will be asked for when it is needed',
        );
    }
  }
}
