import { fail } from '#shared/contract/problem.ts';
import type {
  ServiceChannel,
  ServiceGroup,
  ServicePackage,
  SetupItem,
  SetupKind,
} from '#shared/contract/update-service.ts';
import { isTimeZone } from '#shared/lib/reboot/zoned-time.ts';
import { compareVersions } from '#shared/lib/update-service/versions.ts';
import type { JournalStore, StoreGuard, StoreStep } from '../changes/journal-store.ts';
import { parseStored } from '../documents/stored-values.ts';
import { activityStep } from './activity-step.ts';
import { ledgerFigures } from './policy.ts';
import type { ServiceSetup } from './service-setup.ts';
import { keys, stored, storedText } from './stored.ts';

const most: Readonly<Record<SetupKind, number>> = { packages: 500, channels: 100, groups: 100 };

/** What of a set-up a value stands on: each must still be what was looked at when it is written. */
interface Checked {
  readonly uses: readonly string[];
  /** Those of them on which it did not stand before. */
  readonly newUses: readonly string[];
  readonly steps: readonly StoreStep[];
  readonly guards: readonly StoreGuard[];
}

const nothing: Checked = { uses: [], newUses: [], steps: [], guards: [] };

/**
 * Writes one thing of the set-up over what it was at `revision` (null: a new one). Rejects with `invalid-input` when it does
 * not fit to the rest, `stale` when somebody else was faster.
 */
export async function saveItem(
  store: JournalStore,
  setup: ServiceSetup,
  item: SetupItem,
  revision: number | null,
  now: number,
) {
  const { kind, value } = item;
  const key = keys[kind] + value.id;
  if (revision === null && setup[kind].all().length >= most[kind])
    throw fail('refused', `there are ${most[kind]} ${kind} already`, { hint: 'Remove those that nobody uses.' });
  const { uses, newUses, steps, guards } = await check(store, setup, item, now);
  const used = uses.map((one): StoreGuard => {
    const at = keyRevision(setup, one);
    return at === null ? { key: one, is: 'absent' } : { key: one, is: 'modified', at };
  });
  const own: StoreGuard = revision === null ? { key, is: 'absent' } : { key, is: 'modified', at: revision };
  const { made, revision: at } = await store.commit(
    [own, ...used, ...guards],
    [{ put: key, value: storedText(value) }, ...(await writtenAgain(store, newUses)), ...steps],
  );
  if (!made) throw moved();
  return { revision: at };
}

/**
 * What an item comes to stand on is written once more, as it is: another console that would take it away, and has not yet
 * heard that it is used, finds it moved.
 */
async function writtenAgain(store: JournalStore, newUses: readonly string[]): Promise<StoreStep[]> {
  const entries = await Promise.all([...new Set(newUses)].map((key) => store.get(key)));
  return entries.flatMap((entry) => (entry ? [{ put: entry.key, value: entry.value }] : []));
}

/** Takes one thing of the set-up away; refused while something else stands on it. */
export async function removeItem(
  store: JournalStore,
  setup: ServiceSetup,
  kind: SetupKind,
  id: string,
  revision: number,
) {
  const user =
    kind === 'packages'
      ? setup.channels.values().find((channel) => channel.package === id || channel.floors.includes(id))
      : kind === 'channels'
        ? setup.groups.values().find(({ channel }) => channel === id)
        : undefined;
  if (user) throw fail('refused', `${user.name} still uses it`, { hint: 'Let it use another one first.' });
  const key = keys[kind] + id;
  const more: StoreStep[] = kind === 'groups' ? [{ delete: keys.ledgers + id }] : [];
  const { made } = await store.commit([{ key, is: 'modified', at: revision }], [{ delete: key }, ...more]);
  if (!made) throw moved();
}

function moved() {
  return fail('stale', 'somebody else changed it since you looked', { hint: 'Nothing was written. Look at it again.' });
}

function keyRevision(setup: ServiceSetup, key: string): number | null {
  const place = [setup.packages, setup.channels].find(({ prefix }) => key.startsWith(prefix));
  return place?.get(key.slice(place.prefix.length))?.revision ?? null;
}

function check(store: JournalStore, setup: ServiceSetup, item: SetupItem, now: number): Checked | Promise<Checked> {
  if (item.kind === 'packages') return checkPackage(setup, item.value);
  if (item.kind === 'channels') return checkChannel(setup, item.value, now);
  return checkGroup(store, setup, item.value, now);
}

function checkPackage(setup: ServiceSetup, { id, version, arch }: ServicePackage): Checked {
  if (setup.packages.values().some((other) => other.id !== id && other.version === version && other.arch === arch))
    throw fail('invalid-input', `there is a package of ${version} for ${arch} already`);
  const before = setup.packages.get(id)?.value;
  const user = setup.channels.values().find((channel) => channel.package === id || channel.floors.includes(id));
  if (before && user && (before.arch !== arch || before.version !== version))
    throw fail('refused', `channel ${user.name} names it: it stays ${before.version} for ${before.arch}`, {
      hint: 'Add a package for another version.',
    });
  return nothing;
}

function checkChannel(setup: ServiceSetup, channel: ServiceChannel, now: number): Checked {
  const { id, name, arch } = channel;
  if (setup.channels.values().some((other) => other.id !== id && other.name === name && other.arch === arch))
    throw fail('invalid-input', `there is a channel ${name} for ${arch} already`);
  const find = (wanted: string): ServicePackage => {
    const found = setup.packages.get(wanted)?.value;
    if (!found) throw fail('invalid-input', 'a package that it names is not there any more');
    if (found.arch !== arch)
      throw fail('invalid-input', `${found.version} is for ${found.arch}, the channel for ${arch}`);
    return found;
  };
  const target = channel.package === null ? null : find(channel.package);
  for (const floor of channel.floors.map(find)) {
    if (!target || (compareVersions(floor.version, target.version) ?? 1) > 0)
      throw fail('invalid-input', `floor ${floor.version} is above what the channel names`);
  }
  const before = setup.channels.get(id)?.value;
  const user = setup.groups.values().find((group) => group.channel === id);
  if (before && user && before.arch !== arch)
    throw fail('refused', `group ${user.name} uses it: it stays ${before.arch}`);
  const named = [channel.package, ...channel.floors].filter((one) => one !== null);
  const isNew = (one: string) => one !== before?.package && !before?.floors.includes(one);
  const uses = named.map((one) => keys.packages + one);
  const newUses = named.filter(isNew).map((one) => keys.packages + one);
  if (!target || before?.package === target.id) return { ...nothing, uses, newUses };
  const entry = { at: now, class: 'channel package updated', severity: 'info', group: '', channel: name } as const;
  return {
    ...nothing,
    uses,
    newUses,
    steps: [activityStep({ ...entry, version: target.version, instance: '', text: '' })],
  };
}

async function checkGroup(
  store: JournalStore,
  setup: ServiceSetup,
  group: ServiceGroup,
  now: number,
): Promise<Checked> {
  const { id, name, track, arch } = group;
  if (!isTimeZone(group.timeZone)) throw fail('invalid-input', `there is no time zone ${group.timeZone}`);
  const others = setup.groups.values().filter((other) => other.id !== id && other.arch === arch);
  if (others.some((other) => other.track === track))
    throw fail('invalid-input', `another group has track ${track} for ${arch}`);
  if (others.some((other) => other.name === name))
    throw fail('invalid-input', `there is a group ${name} for ${arch} already`);
  const channel = group.channel === null ? null : setup.channels.get(group.channel)?.value;
  if (channel === undefined) throw fail('invalid-input', 'its channel is not there any more');
  if (channel && channel.arch !== arch) throw fail('invalid-input', `channel ${channel.name} is for ${channel.arch}`);
  const uses = channel ? [keys.channels + channel.id] : [];
  const before = setup.groups.get(id)?.value;
  const newUses = before?.channel === group.channel ? [] : uses;
  if (!before || before.updatesEnabled || !group.updatesEnabled) return { ...nothing, uses, newUses };
  // A person lets it go on: what took too long is forgiven, and in safe mode one is first again.
  const key = keys.ledgers + id;
  const entry = await store.get(key);
  if (!entry) return { uses, newUses, steps: [], guards: [{ key, is: 'absent' }] };
  const ledger = parseStored(stored.ledgers, entry).value;
  const late = ledgerFigures(group, ledger, now).timedOut > 0;
  const open = late ? ledger.open.filter(({ at }) => now - at <= group.updateTimeoutS * 1000) : ledger.open;
  return {
    uses,
    newUses,
    steps: [{ put: key, value: storedText({ ...ledger, open, rollout: null }) }],
    guards: [{ key, is: 'modified', at: entry.modified }],
  };
}
