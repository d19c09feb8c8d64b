// Prints what D-Bus costs in CPU: node test/load/dbus-decode.bench.ts [hosts] [units]
import { duplexPair } from 'node:stream';
import type { BusValue } from '#core/dbus/bus.ts';
import { connectBus } from '#core/dbus/connect-bus.ts';
import { encodeMessage, MessageReader } from '#core/dbus/message.ts';
import { serveBusPeer } from '#core/dbus/serve-bus-peer.ts';
import { unitPath } from '#core/dbus/unit-path.ts';
import { variant } from '#core/dbus/variant.ts';
import { Scope } from '#core/lib/scope.ts';
import { trackUnits, type UnitTracker } from '#core/probes/units/track-units.ts';

const hosts = Number(process.argv[2] ?? 1000);
const units = Number(process.argv[3] ?? 150);

const rows: BusValue[] = Array.from({ length: units }, (_, index) => {
  const name = index % 3 === 0 ? `dev-disk-by\\x2dpath-${index}.device` : `some-unit-${index}.service`;
  const path = unitPath(name);
  return [name, `What unit number ${index} is there for`, 'loaded', 'active', 'running', '', path, 0, '', '/'];
});
const list = encodeMessage({ type: 'return', serial: 5, replySerial: 3, sender: ':1.0', signature: 'a(ssssssouso)' }, [
  rows,
]);
const times = Object.fromEntries(
  ['Inactive', 'ActiveEnter', 'ActiveExit', 'InactiveEnter', 'StateChange'].flatMap((name) => [
    [`${name}Timestamp`, variant('t', 1_790_000_000_000_000n)],
    [`${name}TimestampMonotonic`, variant('t', 12_345_678_901n)],
  ]),
);
const changed = encodeMessage(
  {
    type: 'signal',
    serial: 9,
    sender: ':1.0',
    path: unitPath('some-unit-1.service'),
    interface: 'org.freedesktop.DBus.Properties',
    member: 'PropertiesChanged',
    signature: 'sa{sv}as',
  },
  [
    'org.freedesktop.systemd1.Unit',
    {
      ActiveState: variant('s', 'failed'),
      SubState: variant('s', 'failed'),
      Job: variant('(uo)', [0, '/']),
      InvocationID: variant('ay', new Uint8Array(16)),
      ConditionResult: variant('b', true),
      ...times,
    },
    ['Conditions', 'Asserts'],
  ],
);

/** CPU microseconds (user and system) that one run takes, after a warm-up. */
function cpuMicroseconds(runs: number, run: () => void): number {
  for (let index = 0; index < Math.min(runs, 300); index++) run();
  const before = process.cpuUsage();
  for (let index = 0; index < runs; index++) run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / runs;
}

/** Runs `hosts` trackers in this process against served peers; answers CPU ms for all first lists, and us a signal. */
async function trackAll(): Promise<{ listsMs: number; signalUs: number; heapMiB: number }> {
  const scope = new Scope('bench');
  const far: { write(bytes: Buffer): boolean }[] = [];
  const answer = (member: string) =>
    member === 'ListUnits' ? { signature: 'a(ssssssouso)', body: [rows] } : { signature: '', body: [] };
  const trackers: UnitTracker[] = [];
  const heapBefore = heapMiB();
  const before = process.cpuUsage();
  for (let host = 0; host < hosts; host++) {
    const [ours, theirs] = duplexPair();
    serveBusPeer(theirs, { names: ['org.freedesktop.systemd1'], call: ({ member }) => answer(member) });
    far.push(theirs);
    const bus = connectBus(ours, { timeoutMs: 60_000 });
    const none = () => Promise.reject(new Error('not in this bench'));
    trackers.push(trackUnits({ host: `host${host}`, bus: () => bus, exec: none, follow: none }, { scope }));
  }
  while (trackers.some((tracker) => tracker.source.units !== 'dbus')) await new Promise((go) => setTimeout(go, 20));
  const listed = process.cpuUsage(before);
  const heap = heapMiB() - heapBefore;
  const signals = 20;
  const start = process.cpuUsage();
  for (let round = 0; round < signals; round++) {
    for (const stream of far) stream.write(changed);
    await new Promise((go) => setTimeout(go, 60));
  }
  const { user, system } = process.cpuUsage(start);
  const bus = trackers.length * signals;
  await scope.end();
  return { listsMs: (listed.user + listed.system) / 1000, signalUs: (user + system) / bus, heapMiB: heap };
}

function heapMiB(): number {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed / 1024 / 1024;
}

const decode = (bytes: Buffer) => () => {
  for (const message of new MessageReader().push(bytes)) message.body();
};
const perList = cpuMicroseconds(hosts, decode(list));
const perSignal = cpuMicroseconds(hosts * 20, decode(changed));
const perIgnored = cpuMicroseconds(hosts * 20, () => void new MessageReader().push(changed));
const perEncode = cpuMicroseconds(hosts, () => {
  encodeMessage({ type: 'return', serial: 5, replySerial: 3, signature: 'a(ssssssouso)' }, [rows]);
});
console.log(`ListUnits of ${units} units: ${list.length} bytes, decoded in ${perList.toFixed(0)} us of CPU`);
console.log(`  for ${hosts} hosts once: ${((perList * hosts) / 1000).toFixed(0)} ms of CPU`);
console.log(`  encoded by the served peer in ${perEncode.toFixed(0)} us`);
console.log(`PropertiesChanged: ${changed.length} bytes, decoded in ${perSignal.toFixed(1)} us of CPU`);
console.log(`  header only, when no rule wants it: ${perIgnored.toFixed(1)} us`);
const all = await trackAll();
console.log(`${hosts} trackers, from the handshake to the first list told: ${all.listsMs.toFixed(0)} ms of CPU`);
console.log(
  `  (their served peers, in the same process, take about ${((perEncode * hosts) / 1000).toFixed(0)} ms of it)`,
);
console.log(`  one signal from the stream to the listeners of a tracker: ${all.signalUs.toFixed(1)} us`);
console.log(`  memory held: ${all.heapMiB.toFixed(0)} MiB of heap, both sides (run with --expose-gc to be exact)`);
process.exit(0);
