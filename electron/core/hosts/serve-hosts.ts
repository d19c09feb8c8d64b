import type { MessagePort } from 'node:worker_threads';
import { toProblem } from '#shared/contract/problem.ts';
import { countUnits, hostsOfUnit } from '../probes/units/count-units.ts';
import { HostLinks } from './host-links.ts';
import type { AnswerValue, FromWorker, ToWorker } from './messages.ts';
import { Outbox } from './outbox.ts';
import { ServedAccess, transferable } from './serve-access.ts';

/** Answers the main thread's messages on one port until it says `end`; `ended` is called after everything is closed. */
export function serveHosts(port: MessagePort, ended: () => void): void {
  const outbox = new Outbox((batch, transfer) => port.postMessage(batch, transfer));
  const emit: Emit = (event, urgent, transfer) => outbox.add(event, urgent, transfer);
  let served: { readonly links: HostLinks; readonly access: ServedAccess } | null = null;

  const answer = (id: number, work: () => Promise<AnswerValue>): void => {
    work().then(
      (value) => emit({ type: 'answer', id, value }, true, transferable(value)),
      (error: unknown) => emit({ type: 'refusal', id, problem: toProblem(error) }, true),
    );
  };
  port.on('message', (message: ToWorker) => {
    if (message.type === 'options') {
      const links = new HostLinks(message.options, emit);
      const access = new ServedAccess(
        (host) => links.access(host),
        (host, command, options) => links.execAnew(host, command, options),
        emit,
      );
      served = { links, access };
      return;
    }
    if (!served) return;
    if (message.type !== 'end') {
      handle(message, served.links, served.access, answer);
      return;
    }
    served.access.end();
    served.links.end();
    served = null;
    emit({ type: 'ended' }, true);
    outbox.flush();
    port.close();
    ended();
  });
}

type Emit = (event: FromWorker, urgent: boolean, transfer?: readonly ArrayBuffer[]) => void;
type Answer = (id: number, work: () => Promise<AnswerValue>) => void;
type Asked = Exclude<ToWorker, { type: 'options' | 'end' }>;

function handle(message: Asked, links: HostLinks, access: ServedAccess, answer: Answer): void {
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
    case 'watch-units':
      return links.watchUnits(message.host, message.on);
    case 'find-units':
      return answer(message.id, async () => ({
        of: 'find-units',
        units: links.findUnits(message.text, message.most),
      }));
    case 'accept-keys':
      return answer(message.id, async () => ({ of: 'accept-keys', accepted: await links.acceptKeys(message.keys) }));
    case 'count-units':
      return answer(message.id, async () => ({
        of: 'count-units',
        counted: await countUnits(links.unitsOfHosts(), message.of),
      }));
    case 'hosts-of-unit':
      return answer(message.id, async () => ({
        of: 'hosts-of-unit',
        found: hostsOfUnit(links.unitsOfHosts(), message.unit),
      }));
    case 'exec':
      return answer(message.id, () => access.exec(message));
    case 'cancel':
      return access.cancel(message.id);
    case 'follow':
      return answer(message.id, () => access.follow(message));
    case 'follow-write':
      return access.followWrite(message);
    case 'follow-read':
      return access.followRead(message);
    case 'follow-pause':
      return access.followControl(message.to, 'pause');
    case 'follow-resume':
      return access.followControl(message.to, 'resume');
    case 'follow-close':
      return access.followControl(message.to, 'close');
    case 'bus':
      return answer(message.id, () => access.bus(message));
    case 'bus-call':
      return answer(message.id, () => access.busCall(message));
    case 'bus-match':
      return answer(message.id, () => access.busMatch(message));
    case 'bus-unmatch':
      return access.busUnmatch(message);
    case 'bus-close':
      return access.busClose(message.to);
    default:
      return message satisfies never;
  }
}
