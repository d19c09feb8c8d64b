import type { MessagePort } from 'node:worker_threads';
import { fail, toProblem } from '#shared/contract/problem.ts';
import { HostLinks } from './host-links.ts';
import type { AnswerValue, FromWorker, ToWorker } from './messages.ts';
import { Outbox } from './outbox.ts';

/** Answers the main thread's messages on one port until it says `end`; `ended` is called after everything is closed. */
export function serveHosts(port: MessagePort, ended: () => void): void {
  const outbox = new Outbox((batch, transfer) => port.postMessage(batch, transfer));
  const emit = (event: FromWorker, urgent: boolean) => outbox.add(event, urgent);
  let links: HostLinks | null = null;

  const answer = (id: number, work: Promise<AnswerValue>): void => {
    work.then(
      (value) => emit({ type: 'answer', id, value }, true),
      (error: unknown) => emit({ type: 'refusal', id, problem: toProblem(error) }, true),
    );
  };
  const handle = (message: ToWorker): void => {
    if (message.type === 'options') {
      links = new HostLinks(message.options, emit);
      return;
    }
    if (!links) throw fail('internal', 'the worker was asked before it had its options');
    switch (message.type) {
      case 'configure':
        return links.configure(message.specs);
      case 'look':
        return links.look(message.looking);
      case 'connect':
        return links.connect(message.hosts);
      case 'disable':
        return links.disable(message.hosts);
      case 'refuse-keys':
        return links.refuseKeys(message.hosts);
      case 'answer-prompt':
        return links.answerPrompt(message.prompt, message.answers);
      case 'accept-keys':
        return answer(
          message.id,
          links.acceptKeys(message.keys).then((accepted) => ({ of: 'accept-keys', accepted })),
        );
      case 'end':
        links.end();
        emit({ type: 'ended' }, true);
        outbox.flush();
        port.close();
        return ended();
      default:
    }
  };
  port.on('message', handle);
}
