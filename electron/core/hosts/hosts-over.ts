import type { MessagePort, Worker } from 'node:worker_threads';
import type { HostLink } from '#shared/contract/host.ts';
import { fail, ProblemError } from '#shared/contract/problem.ts';
import type { Hosts, HostsEvents, HostsOptions } from './hosts.ts';
import type { AnswerValue, FromWorker, ToWorker } from './messages.ts';

interface Question {
  resolve(value: AnswerValue): void;
  reject(error: ProblemError): void;
}

/** The main thread's side: turns calls into messages and messages into events. `stop` is awaited at the end. */
export function hostsOver(
  port: Pick<MessagePort | Worker, 'postMessage' | 'on'>,
  options: HostsOptions,
  events: HostsEvents,
  stop: () => Promise<void>,
): Hosts {
  const questions = new Map<number, Question>();
  const links = new Map<string, HostLink>();
  let lastId = 0;
  let ending: Promise<void> | null = null;
  let onEnded = () => {};

  const send = (message: ToWorker, transfer: ArrayBuffer[] = []) => {
    if (!ending) port.postMessage(message, transfer);
  };
  const ask = (make: (id: number) => ToWorker): Promise<AnswerValue> => {
    if (ending) return Promise.reject(fail('cancelled', 'the cluster was closed'));
    lastId++;
    const id = lastId;
    return new Promise((resolve, reject) => {
      questions.set(id, { resolve, reject });
      send(make(id));
    });
  };
  const receive = (event: FromWorker): void => {
    switch (event.type) {
      case 'section':
        if (event.change[0] === 'link') links.set(event.host, event.change[1]);
        events.section(...([event.host, ...event.change] as Parameters<HostsEvents['section']>));
        return;
      case 'heard': {
        const link = links.get(event.host);
        if (!link) return;
        const connection = link.connection && { ...link.connection, latencyMs: event.latencyMs };
        const heard = { ...link, heardAt: event.at, connection };
        links.set(event.host, heard);
        events.section(event.host, 'link', heard);
        return;
      }
      case 'key-question':
        return events.keyQuestion(event.question);
      case 'key-settled':
        return events.keySettled(event.host);
      case 'prompt':
        return events.prompt(event.prompt, event.secretName);
      case 'prompt-gone':
        return events.promptGone(event.id);
      case 'answer':
        questions.get(event.id)?.resolve(event.value);
        questions.delete(event.id);
        return;
      case 'refusal':
        questions.get(event.id)?.reject(new ProblemError(event.problem));
        questions.delete(event.id);
        return;
      case 'ended':
        return onEnded();
      default:
    }
  };
  port.on('message', (batch: FromWorker[]) => {
    for (const event of batch) receive(event);
  });
  send({ type: 'options', options });

  return {
    configure: (specs) => send({ type: 'configure', specs }),
    look: (looking) => send({ type: 'look', looking }),
    connect: (hosts) => send({ type: 'connect', hosts }),
    disable: (hosts) => send({ type: 'disable', hosts }),
    acceptKeys: async (keys) => {
      const answer = await ask((id) => ({ type: 'accept-keys', id, keys }));
      return answer.of === 'accept-keys' ? answer.accepted : 0;
    },
    refuseKeys: (hosts) => send({ type: 'refuse-keys', hosts }),
    answerPrompt: (id, answers) => send({ type: 'answer-prompt', prompt: id, answers }),
    access: () => {
      throw fail('unsupported', 'not yet');
    },
    watchUnits: () => () => {},
    end: () => {
      ending ??= new Promise<void>((resolve) => {
        onEnded = resolve;
        port.postMessage({ type: 'end' } satisfies ToWorker);
        // A worker stuck in a long computation must not keep the program from closing.
        setTimeout(resolve, 3000).unref();
      }).then(stop);
      return ending;
    },
  };
}
