import { isAccount, isSshKey } from '../../formats/provision/rules.ts';
import { secretToken } from '../secret-tokens.ts';
import type { Check } from './form.ts';

const rule =
  (fits: (value: string) => boolean, why: string): Check =>
  (value) =>
    fits(value) ? null : why;
const like = (pattern: RegExp, why: string): Check => rule((value) => pattern.test(value), why);

/** Takes one line of anything. */
export const anyLine: Check = like(/^[^\0\r\n]{1,4000}$/, 'One line of text.');
/** Takes text of many lines. */
export const anyText: Check = rule((value) => !value.includes('\0'), 'Text without null characters.');
export const account: Check = rule(
  isAccount,
  'A name begins with a letter or "_", then letters, digits, "-" and "_"; at most 31.',
);
export const sshKey: Check = rule(
  (value) => isSecret(value) || isSshKey(value),
  'A public key is one line: its type as ssh-ed25519, the key that begins with AAAA, and a name.',
);
export const passwordHash: Check = rule(
  (value) => isSecret(value) || /^(?:[*!]|!?\$[\w-]+\$[!-9;-~]{8,500})$/.test(value),
  'A hash as "mkpasswd" prints it begins with $ and its kind, as $6$ or $y$; "*" means no password.',
);
export const folder: Check = like(/^\/[^\0\r\n:]{0,1000}$/, 'An absolute path, as /home/core.');
export const wholeNumber: Check = like(/^\d{1,10}$/, 'A whole number.');
export const webAddress: Check = rule(isWebAddress, 'An address that begins with http:// or https://.');
export const server: Check = rule(
  (value) => value === 'disabled' || isWebAddress(value),
  'An address that begins with http:// or https://, or the word disabled.',
);
export const groupName: Check = like(/^[\w.:-]{1,200}$/, 'One word of letters, digits, dots, dashes and underscores.');
export const windowStart: Check = like(
  /^(?:(?:mon|tue|wed|thu|fri|sat|sun) )?(?:[01]?\d|2[0-3]):[0-5]\d$/i,
  'HH:MM for every day, or a day of three letters and HH:MM, as "Sat 02:30".',
);
export const duration: Check = like(
  /^(?:\d+(?:\.\d+)?(?:h|m|s))+$/,
  'Hours and minutes as Go writes them: 2h, 90m, 2h30m.',
);
export const clock: Check = like(/^(?:[01]\d|2[0-3]):[0-5]\d$/, 'Four digits on a clock of 24 hours, as 02:30.');
export const weekday: Check = like(
  /^(?:mon(?:day)?|tue(?:sday)?|wed(?:nesday)?|thu(?:rsday)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?)$/i,
  'A day in English, as Sat or Saturday.',
);
export const timeZone: Check = like(
  /^[A-Za-z][\w+/-]{0,60}$/,
  'A name of the time zone database, as Europe/Rome, UTC, or localtime.',
);
export const wariness: Check = like(/^(?:0(?:\.\d{1,6})?|1(?:\.0{1,6})?)$/, 'A number from 0.0 (early) to 1.0 (last).');

function isWebAddress(value: string): boolean {
  return /^https?:\/\/(?:[\w.-]+|\[[\da-f:.]+\])(?::\d{1,5})?(?:[/?#][^\s"'\\]*)?$/i.test(value);
}

function isSecret(value: string): boolean {
  return value.replaceAll(secretToken, '') === '' && value !== '';
}
