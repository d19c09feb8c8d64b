import { filePath } from '#shared/contract/change.ts';
import { unitName } from '#shared/contract/ids.ts';
import type { Findings } from '../finding.ts';
import { shown } from '../text-problem.ts';
import type { YamlNode, YamlPlace } from '../yaml-tree/read.ts';
import type { BundleFile } from './bundle.ts';

/** What a document may say of an owner. */
export interface Owner {
  readonly uid: number;
  readonly gid: number;
}
export const root: Owner = { uid: 0, gid: 0 };

/** Why a password's hash is not brought to a running host. */
export const passwordWhy =
  'A hash is not written to a running host, where it would lie readable in files of a change; set it there with "chpasswd -e".';

const ownIds = 'Write numbers, as 0:0. The account core is 500:500 on Flatcar and 1000:1000 on Fedora CoreOS.';

/** The number of a user or group; null when it is a name that hosts may give another number. */
export function idOf(word: string): number | null {
  if (word === 'root') return 0;
  return /^\d{1,9}$/.test(word) ? Number(word) : null;
}

/** The owner in `user`, `user:group` or numbers; null, with a finding, when a name would have to be looked up. */
export function readOwner(text: string, place: YamlPlace, findings: Findings): Owner | null {
  const [user = '', group = user, ...more] = text.trim().split(':');
  const uid = idOf(user === '' ? 'root' : user);
  const gid = idOf(group === '' ? user : group);
  if (uid !== null && gid !== null && more.length === 0) return { uid, gid };
  findings.error(place, `the number of the owner ${shown(text)} is not the same on every host`, ownIds);
  return null;
}

/** Says what is wrong with a path where files are written; true when it can be used. */
export function checkPath(path: string, place: YamlPlace, findings: Findings): boolean {
  if (!filePath.safeParse(path).success) {
    findings.error(place, `${shown(path)} is not an absolute path of a file`, 'Write it as /etc/name, without "..".');
    return false;
  }
  if (path.startsWith('/usr/') && !path.startsWith('/usr/local/')) {
    findings.error(place, `${shown(path)} is below /usr, which is read-only`, 'Write the file below /etc or /opt.');
    return false;
  }
  if (/^\/(proc|sys|dev)\//.test(path)) {
    const hint = 'Settings of the kernel go into a file in /etc/sysctl.d or /etc/tmpfiles.d.';
    findings.error(place, `${shown(path)} is no file that can be kept`, hint);
    return false;
  }
  if (/^\/(run|tmp)\//.test(path))
    findings.info(place, `${shown(path)} lasts until the next boot`, 'Write it below /etc to keep it.');
  return true;
}

const keyTypes =
  /^(ssh-(rsa|dss|ed25519)|ecdsa-sha2-nistp(256|384|521)|sk-(ssh-ed25519|ecdsa-sha2-nistp256)@openssh\.com)(-cert-v01@openssh\.com)?$/;

/** Whether a line is a public SSH key, with or without options in front. Linear in its length. */
export function isSshKey(line: string): boolean {
  if (line.length > 16_384 || /[\p{Cc}]/u.test(line.replaceAll('\t', ' '))) return false;
  const words = line.trim().split(/[ \t]+/);
  const at = words.findIndex((word) => keyTypes.test(word));
  // Options may hold blanks between quotes; more than a few are not written by anybody.
  return at >= 0 && at < 20 && /^AAAA[A-Za-z0-9+/]{16,}={0,3}$/.test(words[at + 1] ?? '');
}

/** The keys of a list, each checked; those that are none are left out with a finding. */
export function readSshKeys(nodes: readonly (YamlNode & { kind: 'text' })[], findings: Findings): string[] {
  return nodes.flatMap(({ text, place }) => {
    if (isSshKey(text)) return [text.trim()];
    findings.error(
      place,
      `${shown(text)} is not a public SSH key`,
      'Write the line of the .pub file: type, key, name.',
    );
    return [];
  });
}

/** Whether a name is one of a file that networkd reads. */
export function isNetworkFile(name: string): boolean {
  return /^[A-Za-z0-9:_.@-]{1,200}\.(network|netdev|link)$/.test(name) && !name.startsWith('.');
}

/** Where the file of a unit lies; null, with a finding, when the name is none. */
export function unitFolder(name: string, place: YamlPlace, findings: Findings): string | null {
  if (isNetworkFile(name)) return '/etc/systemd/network';
  if (unitName.safeParse(name).success && !name.startsWith('.')) return '/etc/systemd/system';
  findings.error(place, `${shown(name)} is not the name of a unit`, 'Write the suffix too, as web.service.');
  return null;
}

/** Whether a name is one of a drop-in; says so when it is not. */
export function checkDropIn(name: string, place: YamlPlace, findings: Findings): boolean {
  const good = /^[A-Za-z0-9:_.@-]{1,200}\.conf$/.test(name) && !name.startsWith('.');
  if (!good)
    findings.error(place, `${shown(name)} is not the name of a drop-in`, 'It ends in .conf, as 10-limits.conf.');
  return good;
}

/** Says where a path is written twice; the last one counts. */
export function checkTwice(files: readonly BundleFile[], findings: Findings): void {
  const first = new Map<string, YamlPlace>();
  for (const { path, place } of files) {
    const before = first.get(path);
    if (before) findings.error(place, `${shown(path)} is written in line ${before.line} too`, 'Keep one of them.');
    first.set(path, place);
  }
}

/** Whether a text can be the name of a host. */
export function isHostname(name: string): boolean {
  return name.length <= 64 && /^[A-Za-z0-9]([A-Za-z0-9-]{0,62})(\.[A-Za-z0-9]([A-Za-z0-9-]{0,62}))*$/.test(name);
}

/** Whether a text can be the name of an account or group. */
export function isAccount(name: string): boolean {
  return /^[a-z_][a-z0-9_-]{0,30}$/i.test(name);
}
