import type { WorkerOptions } from 'node:worker_threads';
import type { HostLink } from '#shared/contract/host.ts';
import { AccessOver } from './access-over.ts';
import type { Hosts, HostsEvents, HostsOptions } from './hosts.ts';
import { LastingWorker } from './lasting-worker.ts';
import { Line } from './line.ts';
import type { FromWorker } from './messages.ts';
import { UnitWatchers } from './unit-watchers.ts';

/** A worker that does not answer `end` in this time is ended without a word. */
const endMs = 3000;

/** The main thread's side: turns calls into messages and messages into events. */
export function hostsOver(
  workerUrl: URL,
  workerOptions: WorkerOptions,
  options: HostsOptions,
  events: HostsEvents,
): Hosts {
  const links = new Map<string, HostLink>();
  const disabled = new Set<string>();
  const asked = { keys: new Set<string>(), prompts: new Set<string>() };
  let ending: Promise<void> | null = null;
  let onEnded = () => {};
  const worker = new LastingWorker(
    workerUrl,
    workerOptions,
    (batch) => {
      for (const event of batch) if (!ending || event.type === 'ended') receive(event);
    },
    (why, forGood) => died(why, forGood),
  );
  const line = new Line((message) => worker.post(message));
  const access = new AccessOver(line);
  const units = new UnitWatchers((host, on) => line.send({ type: 'watch-units', host, on }));
  const fault = (what: string) => {
    if (events.fault) events.fault(what);
    else process.emitWarning(what, 'HostsFault');
  };

  const receive = (event: FromWorker): void => {
    if (line.receive(event) || access.receive(event)) return;
    switch (event.type) {
      case 'section':
        if (event.change[0] === 'link') links.set(event.host, event.change[1]);
        return events.section(...([event.host, ...event.change] as Parameters<HostsEvents['section']>));
      case 'heard':
        return heard(event.host, event.at, event.latencyMs);
      case 'units-item':
        return units.tell(event.host, event.item);
      case 'key-question':
        asked.keys.add(event.question.host);
        return events.keyQuestion(event.question);
      case 'key-settled':
        asked.keys.delete(event.host);
        return events.keySettled(event.host);
      case 'prompt':
        asked.prompts.add(event.prompt.id);
        return events.prompt(event.prompt, event.secretName);
      case 'prompt-gone':
        asked.prompts.delete(event.id);
        return events.promptGone(event.id);
      case 'fault':
        return fault(event.what);
      case 'ended':
        return onEnded();
      default:
    }
  };
  /** Only two figures of the link changed; they cross the threads alone. */
  const heard = (host: string, heardAt: number, latencyMs: number): void => {
    const link = links.get(host);
    if (!link) return;
    const next: HostLink = { ...link, heardAt, connection: link.connection && { ...link.connection, latencyMs } };
    links.set(host, next);
    events.section(host, 'link', next);
  };
  /** The new worker begins afresh; what the old one had under way is over. */
  const died = (why: string, forGood: boolean): void => {
    const next = forGood ? 'again and again; connect to start it once more' : 'and was started anew';
    const reason = `The connections' thread died ${next}: ${why}`;
    fault(reason);
    line.forget(reason);
    access.end(reason);
    for (const host of asked.keys) events.keySettled(host);
    for (const id of asked.prompts) events.promptGone(id);
    for (const [host, link] of links) {
      const lost: HostLink = { ...link, state: 'lost', reason, since: Date.now(), connection: null, sampler: 'none' };
      links.set(host, lost);
      events.section(host, 'link', lost);
    }
    asked.keys.clear();
    asked.prompts.clear();
    queueMicrotask(() => line.send({ type: 'disable', hosts: [...disabled] }));
  };
  line.send({ type: 'options', options });

  return {
    configure: (specs) => {
      const names = new Set(specs.map((spec) => spec.name));
      for (const name of links.keys()) if (!names.has(name)) links.delete(name);
      line.send({ type: 'configure', specs });
    },
    look: (looking) => line.send({ type: 'look', looking }),
    connect: (hosts) => {
      for (const host of hosts) disabled.delete(host);
      line.send({ type: 'connect', hosts });
    },
    disable: (hosts) => {
      for (const host of hosts) disabled.add(host);
      line.send({ type: 'disable', hosts });
    },
    acceptKeys: async (keys) => (await line.ask('accept-keys', (id) => ({ type: 'accept-keys', id, keys }))).accepted,
    refuseKeys: (hosts) => line.send({ type: 'refuse-keys', hosts }),
    answerPrompt: (id, answers) => line.send({ type: 'answer-prompt', prompt: id, answers }),
    access: (host) => access.access(host),
    watchUnits: (host, listener) => units.watch(host, listener),
    findUnits: async (text, most) =>
      (await line.ask('find-units', (id) => ({ type: 'find-units', id, text, most }))).units,
    countUnits: async (type) =>
      (await line.ask('count-units', (id) => ({ type: 'count-units', id, of: type }))).counted,
    hostsOfUnit: async (unit) => (await line.ask('hosts-of-unit', (id) => ({ type: 'hosts-of-unit', id, unit }))).found,
    end: () => {
      ending ??= new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, endMs);
        onEnded = () => {
          clearTimeout(timer);
          resolve();
        };
        worker.post({ type: 'end' });
        line.end('the cluster was closed');
        access.end('the cluster was closed');
      }).then(() => worker.end());
      return ending;
    },
  };
}
