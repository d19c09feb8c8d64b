import { healthReasonCodes, healthStates, linkStates } from '#shared/contract/host.ts';
import type { RecordOf } from '#shared/contract/records.ts';
import { updateAgents, updatePhases } from '#shared/contract/update.ts';
import { conditionNames } from '../update/condition.ts';
import { restartNeeds } from '../restart/restart-way.ts';
import { heldBy } from '../update/why-not.ts';

export type HostRecord = RecordOf<'host'>;

/** A field with words for values. */
export interface TextFieldAbout {
  readonly about: string;
  /** The only values there are; null where any text is possible. */
  readonly values: readonly string[] | null;
  /** What a host has; empty when it is not known. */
  readonly read: (host: HostRecord, nowMs: number) => readonly string[];
}

/** A field with a figure. */
export interface NumberFieldAbout {
  readonly about: string;
  readonly measure: 'percent' | 'seconds' | 'milliseconds' | 'count';
  /** The host's figure; null when it is not known, and then no comparison holds. */
  readonly read: (host: HostRecord, nowMs: number) => number | null;
}

const known = (...values: (string | null | undefined)[]): string[] => values.filter((value) => !!value) as string[];

/** Fields that are written `name:value`. */
export const textFields = {
  name: { about: 'the host’s name', values: null, read: ({ identity }) => known(identity?.name) },
  address: {
    about: 'an address of the host',
    values: null,
    read: ({ identity, facts, link }) =>
      known(identity?.address, link?.connection?.remote, ...(facts?.addresses ?? [])),
  },
  user: { about: 'the login name', values: null, read: ({ identity }) => known(identity?.user) },
  group: { about: 'the label "group"', values: null, read: ({ identity }) => known(own(identity?.labels, 'group')) },
  state: { about: 'health', values: healthStates, read: ({ health }) => [health?.state ?? 'unknown'] },
  reason: {
    about: 'a reason of its health',
    values: healthReasonCodes,
    read: ({ health }) => (health?.reasons ?? []).map(({ code }) => code),
  },
  link: { about: 'the connection', values: linkStates, read: ({ link }) => [link?.state ?? 'idle'] },
  os: {
    about: 'the operating system',
    values: null,
    read: ({ facts }) => (facts ? known(facts.family, facts.os.id, facts.os.variant, facts.os.pretty) : []),
  },
  version: {
    about: 'the version of the operating system',
    values: null,
    read: ({ facts }) => known(facts?.os.version),
  },
  channel: {
    about: 'the update channel, or "none"',
    values: null,
    read: ({ facts, update }) => (facts ? [update?.channel ?? facts.channel ?? 'none'] : []),
  },
  update: {
    about: 'how far an update is',
    values: updatePhases,
    read: ({ update }) => known(update?.phase),
  },
  offered: { about: 'the version that an update brings', values: null, read: ({ update }) => known(update?.offered) },
  agent: {
    about: 'the update agent, or "none"',
    values: [...updateAgents, 'none'],
    read: ({ update }) => known(update?.agent),
  },
  heldby: {
    about: 'what keeps it from being updated, as far as the host itself tells',
    values: conditionNames,
    read: (host, nowMs) => known(heldBy({ name: host.identity?.name ?? '', host, now: nowMs })?.name),
  },
  kernel: { about: 'the kernel’s release', values: null, read: ({ facts }) => known(facts?.kernel) },
  arch: { about: 'the architecture', values: null, read: ({ facts }) => known(facts?.architecture) },
  reboot: {
    about: 'whether a reboot is needed',
    values: ['needed', 'no'],
    read: ({ facts }) => (facts ? [facts.rebootNeeded.length > 0 ? 'needed' : 'no'] : []),
  },
  restart: {
    about: 'what has to be restarted to run what was installed',
    values: ['units', 'reboot', 'no'],
    read: ({ restarts }) => restartNeeds(restarts),
  },
} as const satisfies Record<string, TextFieldAbout>;
export type TextField = keyof typeof textFields;

/** Fields that are compared with a number, as `cpu>80`. */
export const numberFields = {
  cpu: { about: 'CPU in use', measure: 'percent', read: ({ load }) => part(load?.cpu, 1) },
  iowait: { about: 'CPU waiting for disks', measure: 'percent', read: ({ load }) => part(load?.iowait, 1) },
  memory: {
    about: 'memory in use',
    measure: 'percent',
    read: ({ load }) => part(load?.memoryUsedBytes, load?.memoryTotalBytes),
  },
  swap: {
    about: 'swap in use',
    measure: 'percent',
    read: ({ load }) => part(load?.swapUsedBytes, load?.swapTotalBytes),
  },
  disk: { about: 'the fullest writable file system', measure: 'percent', read: fullestDisk },
  inodes: { about: 'the most inodes in use', measure: 'percent', read: fullestInodes },
  pressure: {
    about: 'the highest pressure of CPU, memory and disks',
    measure: 'percent',
    read: ({ load }) => (load?.pressure ? Math.max(load.pressure.cpu, load.pressure.memory, load.pressure.io) : null),
  },
  load: { about: 'load average of one minute', measure: 'count', read: ({ load }) => load?.load1 ?? null },
  failed: { about: 'failed units', measure: 'count', read: ({ units }) => units?.failed.length ?? null },
  latency: { about: 'round trip to the host', measure: 'milliseconds', read: ({ load }) => load?.latencyMs ?? null },
  clock: {
    about: 'how far its clock is off',
    measure: 'milliseconds',
    read: ({ load }) => (load?.clockOffsetMs == null ? null : Math.abs(load.clockOffsetMs)),
  },
  uptime: { about: 'time since it booted', measure: 'seconds', read: ({ load }) => load?.uptimeS ?? null },
  /** A host that never said anything is older than any age. */
  age: {
    about: 'time since it last said anything',
    measure: 'seconds',
    read: ({ link }, nowMs) => (link?.heardAt == null ? Number.POSITIVE_INFINITY : (nowMs - link.heardAt) / 1000),
  },
} as const satisfies Record<string, NumberFieldAbout>;
export type NumberField = keyof typeof numberFields;

/** Other names people write; they are printed under the first. */
const aliases: Readonly<Record<string, string>> = {
  mem: 'memory',
  health: 'state',
  labels: 'label',
  units: 'unit',
  architecture: 'arch',
  hostname: 'name',
};

/** The states of a unit that every host tells of: failed units, and units that could not be loaded. */
export const unitStates = ['failed', 'not-found', 'error', 'bad-setting', 'masked'] as const;

/** What kind of field a name is, in its first spelling; null for none. */
export function fieldOf(
  name: string,
):
  | { kind: 'text'; field: TextField }
  | { kind: 'number'; field: NumberField }
  | { kind: 'label' }
  | { kind: 'unit' }
  | null {
  const lower = name.toLowerCase();
  const field = own(aliases, lower) ?? lower;
  if (field === 'label' || field === 'unit') return { kind: field };
  if (Object.hasOwn(textFields, field)) return { kind: 'text', field: field as TextField };
  if (Object.hasOwn(numberFields, field)) return { kind: 'number', field: field as NumberField };
  return null;
}

/** Every field's first spelling. */
export const fieldNames: readonly string[] = [
  'label',
  'unit',
  ...Object.keys(textFields),
  ...Object.keys(numberFields),
];

function own(record: Readonly<Record<string, string>> | undefined, key: string): string | null {
  return record && Object.hasOwn(record, key) ? (record[key] ?? null) : null;
}

function part(used: number | undefined, total: number | undefined): number | null {
  return used === undefined || !total ? null : (used / total) * 100;
}

function fullestDisk({ disks }: HostRecord): number | null {
  return most(
    (disks?.mounts ?? []).map(({ usedBytes, freeBytes, readOnly }) =>
      readOnly ? null : part(usedBytes, usedBytes + freeBytes),
    ),
  );
}

function fullestInodes({ disks }: HostRecord): number | null {
  return most(
    (disks?.mounts ?? []).map(({ inodesTotal, inodesFree, readOnly }) =>
      readOnly ? null : part(inodesTotal - inodesFree, inodesTotal),
    ),
  );
}

function most(values: readonly (number | null)[]): number | null {
  const figures = values.filter((value) => value !== null);
  return figures.length === 0 ? null : Math.max(...figures);
}
