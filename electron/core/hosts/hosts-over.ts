import type { MessagePort, Worker } from 'node:worker_threads';
import type { HostLink } from '#shared/contract/host.ts';
import { AccessOver } from './access-over.ts';
import type { Hosts, HostsEvents, HostsOptions } from './hosts.ts';
import { Line } from './line.ts';
import type { FromWorker, ToWorker } from './messages.ts';
import { UnitWatchers } from './unit-watchers.ts';

/** A worker that does not answer `end` in this time is ended without a word. */
const endMs = 3000;

/** The main thread's side: turns calls into messages and messages into events. `stop` is awaited at the end. */
export function hostsOver(
  port: Pick<MessagePort | Worker, 'postMessage' | 'on'>,
  options: HostsOptions,
  events: HostsEvents,
  stop: () => Promise<void>,
): Hosts {
  const links = new Map<string, HostLink>();
  const line = new Line((message) => port.postMessage(message));
  const access = new AccessOver(line);
  const units = new UnitWatchers((host, on) => line.send({ type: 'watch-units', host, on }));
  let ending: Promise<void> | null = null;
  let onEnded = () => {};

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
        return events.keyQuestion(event.question);
      case 'key-settled':
        return events.keySettled(event.host);
      case 'prompt':
        return events.prompt(event.prompt, event.secretName);
      case 'prompt-gone':
        return events.promptGone(event.id);
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
  port.on('message', (batch: FromWorker[]) => {
    if (ending) batch = batch.filter((event) => event.type === 'ended');
    for (const event of batch) receive(event);
  });
  line.send({ type: 'options', options });

  return {
    configure: (specs) => {
      const names = new Set(specs.map((spec) => spec.name));
      for (const name of links.keys()) if (!names.has(name)) links.delete(name);
      line.send({ type: 'configure', specs });
    },
    look: (looking) => line.send({ type: 'look', looking }),
    connect: (hosts) => line.send({ type: 'connect', hosts }),
    disable: (hosts) => line.send({ type: 'disable', hosts }),
    acceptKeys: async (keys) => (await line.ask('accept-keys', (id) => ({ type: 'accept-keys', id, keys }))).accepted,
    refuseKeys: (hosts) => line.send({ type: 'refuse-keys', hosts }),
    answerPrompt: (id, answers) => line.send({ type: 'answer-prompt', prompt: id, answers }),
    access: (host) => access.access(host),
    watchUnits: (host, listener) => units.watch(host, listener),
    end: () => {
      ending ??= new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, endMs);
        onEnded = () => {
          clearTimeout(timer);
          resolve();
        };
        port.postMessage({ type: 'end' } satisfies ToWorker);
        line.end('the cluster was closed');
        access.end('the cluster was closed');
      }).then(stop);
      return ending;
    },
  };
}
