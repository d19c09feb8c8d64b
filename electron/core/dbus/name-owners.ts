import type { BusValue } from './bus.ts';
import type { ReceivedMessage } from './message.ts';

/** The bus itself, as sender and destination. */
export const busName = 'org.freedesktop.DBus';
export const busPath = '/org/freedesktop/DBus';

/**
 * Who owns the well-known names that match rules ask for. Anyone on a bus can send a signal straight to us, past every
 * match rule: only the sender's unique name, which the bus fills in, tells systemd from an impostor.
 */
export class NameOwners {
  readonly #owners = new Map<string, string>();
  readonly #askBus: (member: string, signature: string, body: BusValue[]) => Promise<BusValue[]>;

  constructor(askBus: (member: string, signature: string, body: BusValue[]) => Promise<BusValue[]>) {
    this.#askBus = askBus;
  }

  /** Starts to follow a name; settled once its owner is known. Ask before adding the rule that needs it. */
  async follow(name: string): Promise<void> {
    if (name.startsWith(':') || name === busName || this.#owners.has(name)) return;
    this.#owners.set(name, '');
    const rule = `type='signal',sender='${busName}',interface='${busName}',member='NameOwnerChanged',arg0='${name}'`;
    const followed = this.#askBus('AddMatch', 's', [rule]);
    // No owner yet is no error: a service may start later.
    const owner = this.#askBus('GetNameOwner', 's', [name]).catch(() => ['']);
    await followed;
    const [unique] = await owner;
    if (typeof unique === 'string' && unique !== '') this.#owners.set(name, unique);
  }

  /** Notes a NameOwnerChanged of the bus. */
  note(message: ReceivedMessage): void {
    const { sender, member } = message.header;
    if (sender !== busName || member !== 'NameOwnerChanged') return;
    const [name, , owner] = message.body();
    if (typeof name === 'string' && typeof owner === 'string' && this.#owners.has(name)) this.#owners.set(name, owner);
  }

  /** Whether `sender`, a unique name, is who `wanted` names. */
  isSender(wanted: string, sender: string): boolean {
    return sender === wanted || (sender !== '' && this.#owners.get(wanted) === sender);
  }
}
