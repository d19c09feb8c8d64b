import { z } from 'zod';
import type { HostKubernetes } from '#shared/contract/kubernetes.ts';
import { cleanLine } from '#shared/lib/clean-text.ts';

type Kured = NonNullable<HostKubernetes['kured']>;

const words = z.record(z.string(), z.string());
const node = z.object({
  kind: z.literal('Node'),
  metadata: z.object({ name: z.string(), annotations: words.default({}), labels: words.default({}) }),
  spec: z.object({ unschedulable: z.boolean().default(false) }).prefault({}),
});
const daemonSet = z.object({
  kind: z.literal('DaemonSet'),
  metadata: z.object({ annotations: words.default({}) }),
});
const lockOwner = z.object({
  nodeID: z.string().min(1).max(253),
  created: z.string().optional(),
  /** Nanoseconds; 0 is for good. */
  TTL: z.number().default(0),
});
const lockValue = z.union([
  z.object({ maxOwners: z.int().min(1).max(1000), locks: z.array(lockOwner).max(100).nullable() }),
  lockOwner,
]);

/** The operator's own prefix, and that of its predecessor on Container Linux. */
const prefixes = ['flatcar-linux-update.v1.flatcar-linux.net/', 'container-linux-update.v1.coreos.com/'];
const kuredLock = 'weave.works/kured-node-lock';
const inProgress = 'weave.works/kured-reboot-in-progress';
const recentlyNeeded = 'weave.works/kured-most-recent-reboot-needed';

/** The marks of a node; null for what is not that node. */
export function readNode(
  text: string,
  name: string,
): {
  unschedulable: boolean;
  kured: Pick<Kured, 'inProgress' | 'rebootNeeded'> | null;
  fluo: HostKubernetes['fluo'];
} | null {
  const read = node.safeParse(parsed(text));
  if (!read.success || read.data.metadata.name !== name) return null;
  const { annotations, labels } = read.data.metadata;
  const of = (key: string) => (Object.hasOwn(annotations, key) ? cleanLine(annotations[key] ?? '', 100) : null);
  const kured = { inProgress: of(inProgress), rebootNeeded: of(recentlyNeeded) };
  const prefix = prefixes.find((each) =>
    [annotations, labels].some((all) => Object.keys(all).some((key) => key.startsWith(each))),
  );
  return {
    unschedulable: read.data.spec.unschedulable,
    kured: kured.inProgress === null && kured.rebootNeeded === null ? null : kured,
    fluo: prefix === undefined ? null : readOperator((key) => of(prefix + key) ?? ''),
  };
}

function readOperator(of: (key: string) => string): HostKubernetes['fluo'] {
  const isTrue = (key: string) => of(key) === 'true';
  const checkedS = Number(of('last-checked-time'));
  return {
    rebootNeeded: isTrue('reboot-needed'),
    rebootOk: isTrue('reboot-ok'),
    inProgress: isTrue('reboot-in-progress'),
    paused: isTrue('reboot-paused'),
    madeUnschedulable: isTrue('agent-made-unschedulable'),
    status: of('status'),
    newVersion: of('new-version'),
    lastCheckedAt: Number.isSafeInteger(checkedS) && checkedS > 0 ? checkedS * 1000 : null,
  };
}

/** kured's lock as its daemon set has it: free where no annotation says otherwise; null where this is no daemon set, or its lock is none. */
export function readDaemonSet(text: string): Kured['lock'] {
  const read = daemonSet.safeParse(parsed(text));
  if (!read.success) return null;
  const { annotations } = read.data.metadata;
  const written = Object.hasOwn(annotations, kuredLock) ? annotations[kuredLock] : undefined;
  if (written === undefined || written === '') return { max: 1, owners: [] };
  const value = lockValue.safeParse(parsed(written));
  if (!value.success) return null;
  if ('maxOwners' in value.data) return { max: value.data.maxOwners, owners: (value.data.locks ?? []).map(ownerOf) };
  return { max: 1, owners: [ownerOf(value.data)] };
}

function ownerOf({ nodeID, created = '', TTL }: z.infer<typeof lockOwner>) {
  const at = Date.parse(created);
  const since = Number.isFinite(at) && at > 0 ? at : null;
  return {
    node: cleanLine(nodeID, 253),
    since,
    expiresAt: TTL > 0 && since !== null ? since + Math.round(TTL / 1e6) : null,
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
