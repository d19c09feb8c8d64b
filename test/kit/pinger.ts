import { connect } from 'node:net';
import type { Lab } from './lab.ts';

/** What was seen of hosts: how many were down together at most, and which were down at all, by name. */
export interface Pinged {
  readonly most: number;
  readonly went: readonly string[];
}

/** Looks at all hosts at once, again and again, past Quarterdeck; the function that it returns ends that and tells. */
export function startPinger(lab: Lab, hosts: readonly string[]): () => Promise<Pinged> {
  const ended = new AbortController();
  let most = 0;
  const went = new Set<string>();
  const course = (async () => {
    while (!ended.signal.aborted) {
      const answers = await Promise.all(hosts.map((name) => greets(lab, name)));
      const down = hosts.filter((_, at) => answers[at] !== true);
      for (const name of down) went.add(name);
      most = Math.max(most, down.length);
      await new Promise((resolve) => {
        setTimeout(resolve, 50);
      });
    }
  })();
  return async () => {
    ended.abort();
    await course;
    return { most, went: [...went].toSorted((a, b) => (a < b ? -1 : 1)) };
  };
}

/** Whether a host's sshd greets: the lab's ports accept for hosts that are off as well. */
function greets(lab: Lab, name: string): Promise<boolean> {
  const { address, port } = lab.host(name);
  return new Promise((resolve) => {
    const socket = connect({ host: address, port });
    const end = (up: boolean) => {
      socket.destroy();
      resolve(up);
    };
    socket.setTimeout(3000, () => end(false));
    socket.on('data', () => end(true));
    socket.on('error', () => end(false));
    socket.on('close', () => end(false));
  });
}
