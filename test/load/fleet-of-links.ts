import { setTimeout as sleep } from 'node:timers/promises';
import type { HostLink, HostLoad } from '#shared/contract/host.ts';
import type { Hosts, HostSpec } from '#core/hosts/hosts.ts';
import { startHosts } from '#core/hosts/start-hosts.ts';

/** Links to many hosts through the real worker, with what they said last. */
export interface FleetOfLinks {
  readonly hosts: Hosts;
  readonly links: ReadonlyMap<string, HostLink>;
  /** Samples received since the start. */
  samples(): number;
  onLink(listener: (host: string, link: HostLink) => void): void;
  /** Resolves when all are up; rejects with how many are not after `timeoutMs`. */
  allUp(timeoutMs: number): Promise<void>;
}

/** Starts the links. */
export function connectAll(specs: readonly HostSpec[], knownHosts: string, handshakes = 24): FleetOfLinks {
  const links = new Map<string, HostLink>();
  const loads = new Map<string, HostLoad>();
  const listeners: ((host: string, link: HostLink) => void)[] = [];
  let samples = 0;
  const hosts = startHosts(
    { knownHostsFiles: [knownHosts], handshakes },
    {
      section: (host, section, value) => {
        if (section === 'load') {
          samples++;
          loads.set(host, value);
        }
        if (section !== 'link') return;
        links.set(host, value);
        for (const listener of listeners) listener(host, value);
      },
      keyQuestion: (question) => console.error('unexpected key question', question),
      keySettled: () => {},
      prompt: (prompt) => console.error('unexpected prompt', prompt),
      promptGone: () => {},
    },
  );
  hosts.configure(specs);
  return {
    hosts,
    links,
    samples: () => samples,
    onLink: (listener) => void listeners.push(listener),
    async allUp(timeoutMs) {
      const deadline = performance.now() + timeoutMs;
      const up = () => [...links.values()].filter(({ state }) => state === 'up').length;
      while (up() < specs.length) {
        if (performance.now() > deadline)
          throw new Error(`${up()} of ${specs.length} hosts are up after ${timeoutMs} ms`);
        await sleep(50);
      }
    },
  };
}
