import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AuthPrompt, HostKeyQuestion } from '#shared/contract/cluster.ts';
import type { HostDisks, HostFacts, HostLink, HostLoad, HostReadings } from '#shared/contract/host.ts';
import type { HostUnits } from '#shared/contract/unit.ts';
import type { Hosts, HostSpec, StartHosts } from '#core/hosts/hosts.ts';
import { startHosts } from '#core/hosts/start-hosts.ts';

interface Sections {
  link: HostLink;
  facts: HostFacts;
  load: HostLoad;
  disks: HostDisks;
  readings: HostReadings;
  units: HostUnits;
}

/** Hosts in a real worker, with all they told remembered. */
export interface WatchedHosts {
  readonly hosts: Hosts;
  readonly knownHosts: string;
  /** Link states in the order they came, without repetition. */
  states(host: string): string[];
  /** Every link section that was told. */
  links(host: string): HostLink[];
  now<S extends keyof Sections>(host: string, section: S): Sections[S] | undefined;
  readonly questions: Map<string, HostKeyQuestion>;
  readonly prompts: Map<string, { prompt: AuthPrompt; secretName: string | null }>;
  /** Waits until `holds` is true, looked at after everything that is told; fails with `what` after `ms`. */
  until(what: string, holds: () => unknown, ms?: number): Promise<void>;
  /** Waits for a link state. */
  state(host: string, state: HostLink['state'], ms?: number): Promise<HostLink>;
  known(): Promise<string>;
  end(): Promise<void>;
}

/** Starts them with one known_hosts file of the given text; all hosts are in view. */
export async function watchHosts(
  specs: readonly HostSpec[],
  knownHostsText: string,
  start: StartHosts = startHosts,
): Promise<WatchedHosts> {
  const folder = await mkdtemp(join(tmpdir(), 'quarterdeck-hosts-'));
  const knownHosts = join(folder, 'known_hosts');
  await writeFile(knownHosts, knownHostsText);
  const told = new Map<string, Partial<Sections>>();
  const states = new Map<string, string[]>();
  const links = new Map<string, HostLink[]>();
  const questions = new Map<string, HostKeyQuestion>();
  const prompts = new Map<string, { prompt: AuthPrompt; secretName: string | null }>();
  const waiting = new Set<() => void>();
  const look = () => {
    for (const one of waiting) one();
  };
  const hosts = start(
    { knownHostsFiles: [knownHosts], handshakes: 32 },
    {
      section: (host, section, value) => {
        told.set(host, { ...told.get(host), [section]: value });
        if (section === 'link') {
          links.set(host, [...(links.get(host) ?? []), value]);
          const before = states.get(host) ?? [];
          if (before.at(-1) !== value.state) states.set(host, [...before, value.state]);
        }
        look();
      },
      keyQuestion: (question) => {
        questions.set(question.host, question);
        look();
      },
      keySettled: (host) => {
        questions.delete(host);
        look();
      },
      prompt: (prompt, secretName) => {
        prompts.set(prompt.id, { prompt, secretName });
        look();
      },
      promptGone: (id) => {
        prompts.delete(id);
        look();
      },
    },
  );
  const until: WatchedHosts['until'] = (what, holds, ms = 15_000) =>
    new Promise((resolve, reject) => {
      const done = () => {
        waiting.delete(check);
        clearTimeout(timer);
        clearInterval(poll);
      };
      const check = () => {
        if (!holds()) return;
        done();
        resolve();
      };
      const timer = setTimeout(() => {
        done();
        const links = [...told].map(([host, { link }]) => `${host}: ${link?.state} (${link?.reason})`).join('; ');
        reject(new Error(`not within ${ms} ms: ${what}. ${links}`));
      }, ms);
      const poll = setInterval(check, 50);
      waiting.add(check);
      check();
    });
  hosts.look({ visible: specs.map((spec) => spec.name), focus: null, hidden: false });
  hosts.configure(specs);
  const watched: WatchedHosts = {
    hosts,
    knownHosts,
    states: (host) => states.get(host) ?? [],
    links: (host) => links.get(host) ?? [],
    now: (host, section) => told.get(host)?.[section],
    questions,
    prompts,
    until,
    state: async (host, state, ms) => {
      await until(`${host} is ${state}`, () => told.get(host)?.link?.state === state, ms);
      return told.get(host)?.link as HostLink;
    },
    known: () => readFile(knownHosts, 'utf8'),
    end: async () => {
      await hosts.end();
      await rm(folder, { recursive: true, force: true });
    },
  };
  return watched;
}
