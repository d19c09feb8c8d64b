import { hostname, userInfo } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import type { ExpandContext } from '#shared/formats/ssh-config/expand.ts';

/** Who sits at the console: what ssh's `~`, tokens and environment stand for. */
export interface Person extends ExpandContext {
  readonly platform: NodeJS.Platform;
}

/** The person who runs this process. */
export function thisPerson(home: string, env: Person['env'] = process.env): Person {
  const { username, uid } = userInfo();
  return {
    home,
    env,
    localUser: username,
    localHostName: hostname(),
    userId: uid >= 0 ? String(uid) : '',
    platform: process.platform,
  };
}

/** The agent that ssh would ask: SSH_AUTH_SOCK, or OpenSSH's pipe on Windows; null for none. */
export function usualAgent(person: Person): string | null {
  return person.env['SSH_AUTH_SOCK'] || (person.platform === 'win32' ? '\\\\.\\pipe\\openssh-ssh-agent' : null);
}

/** The key files ssh tries when none is named, in its order; keys held in hardware only come through the agent. */
export function usualKeys(person: Person): string[] {
  return ['id_rsa', 'id_ecdsa', 'id_ed25519'].map((name) => join(person.home, '.ssh', name));
}

/** A path of a cluster file made absolute: `~/` is the person's home, anything else is relative to the file's folder. */
export function pathFrom(folder: string, path: string, person: Person): string {
  if (path === '~' || path.startsWith('~/') || path.startsWith('~\\')) return join(person.home, path.slice(1));
  return isAbsolute(path) ? path : resolve(folder, path);
}
