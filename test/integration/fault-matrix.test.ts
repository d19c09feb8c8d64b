import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import type { PlannedStep } from '#shared/contract/change.ts';
import { type HostStanding, type HostVerb, onHost } from '#core/changes/host-transaction.ts';
import { type ChangeBench, fileOf, type MadeChange, path, startChangeBench, words } from '#kit/change-bench.ts';
import { faultRows, type FaultRow, fullPlaces, goOn, reached, withFault } from '#kit/fault-rows.ts';
import { until } from '#kit/etcd.ts';
import { labUnavailable } from '#kit/lab.ts';
import { randomBelow, seededRandom } from '#kit/random.ts';
import { skipUnless } from '#kit/skip.ts';

// A few rows of each fault; `npm run prove -- faults` goes through all of them.
const every = process.env['QUARTERDECK_FAULTS'] === 'all' ? 1 : 12;
const only = process.env['QUARTERDECK_FAULT'];
const start = randomBelow(seededRandom(Number(process.env['QUARTERDECK_SEED'] ?? 1)), every);
const rows = faultRows().filter((row, at) => (only ? nameOf(row).includes(only) : at % every === start));

const unavailable = labUnavailable();
const folder = '/etc/qd-test';
const base = '/var/lib/quarterdeck';
const deadmanS = 3;
let bench: ChangeBench;

beforeAll(async () => {
  if (unavailable === null) bench = await startChangeBench();
});
afterAll(() => bench?.end());
beforeEach(async () => {
  skipUnless(unavailable === null, unavailable ?? '');
  await bench.root(`rm -f ${reached} ${goOn}`);
});
afterEach(async () => {
  await bench?.tidy();
  await bench?.root(`umount ${folder} ${base} 2>/dev/null; rm -rf ${folder} ${base}`);
});

function nameOf({ fault, verb, change, at, nth }: FaultRow): string {
  return `${fault} at ${verb} ${change} ${at} ${nth}`;
}

const step: Partial<Omit<PlannedStep, 'hosts'>> = {
  files: [
    { path, before: fileOf('old\n'), after: fileOf('new\n') },
    { path: `${folder}/two.conf`, before: { kind: 'absent' }, after: fileOf('two\n', '644', 0, 0) },
    { path: `${folder}/three.conf`, before: fileOf('three\n', '600', 0, 0), after: { kind: 'absent' } },
  ],
  validators: [
    { name: 'staged', when: 'staged', path, command: 'test -s "$1"' },
    { name: 'in place', when: 'in-place', path, command: 'grep -q new "$1"' },
  ],
};
const bad = { actions: [{ verb: 'restart' as const, unit: 'no-such.service' }] };

/** Each file by itself, with all that is to be as it was; the times are those of what was there before. */
async function files(): Promise<string[]> {
  const told = await bench.root(
    `for one in one two three; do cd ${folder}; [ -e $one.conf ] && echo "$(cat $one.conf) $(stat -c '%a %u %g %Y' $one.conf)" || echo absent; done; ls -A ${folder} | grep -v -x -e one.conf -e two.conf -e three.conf -e fill`,
  );
  return told.trim().split('\n');
}
const after = ['new 640 0 4', 'two 644 0 0', 'absent'];
const withoutTime = (told: string) => told.replace(/ \d{9,}$/, '');

/** Nothing of what was asked is known to the console once its connection is cut. */
const ask = (made: MadeChange, act: HostVerb): Promise<HostStanding | null> =>
  onHost(bench.reach, made.id, 1, act).catch(() => null);
const apply = (made: MadeChange) => bench.apply(made, 1, deadmanS).catch(() => null);
const came = () => bench.root(`cat ${reached} && echo yes`);

/** What happens from outside while the program waits at its point. */
async function strike({ fault }: FaultRow, asked: Promise<unknown>): Promise<void> {
  if (fault === 'power cut' || fault === 'connection cut')
    await until('the program at its point', 20_000, async () => (await came()) === 'yes\n');
  if (fault === 'power cut') {
    await bench.lab.kill('node1');
    await bench.lab.start('node1');
  }
  if (fault === 'connection cut') await bench.root(`pkill -KILL -f '[s]shd: core'; touch ${goOn}`);
  // An altered program is sent over a connection of its own, which nobody watches: a host without power leaves it open.
  if (fault !== 'power cut') await asked;
  if (fault === 'power cut' || fault === 'connection cut') await bench.watched.state('node1', 'up', 40_000);
}

/** As a console does that comes back: it looks, confirms what can be confirmed, and asks again for what is stuck. */
async function settled(made: MadeChange, { fault }: FaultRow): Promise<HostStanding> {
  let confirmed = false;
  for (const latest = performance.now() + 40_000; ; await new Promise((resolve) => setTimeout(resolve, 200))) {
    const now = await ask(made, { verb: 'read' });
    const litter = await bench.litter();
    if (now?.state === 'none' && litter === '') return now;
    if (performance.now() > latest) throw new Error(`${now?.state}, ${now && words(now).join(' ')}; left: ${litter}`);
    // The connection alone was cut: what it asked for may have been done all the same.
    if (fault === 'connection cut' && now?.state === 'applied' && !confirmed) {
      confirmed = true;
      await ask(made, { verb: 'confirm' });
    } else if (
      now &&
      (now.state === 'begun' || now.state === 'not-restored' || (now.state === 'none' && litter !== ''))
    )
      await ask(made, { verb: 'restore', why: 'it died' });
  }
}

/** It stays full until the host would have taken the change back; then there is room again. */
async function makeRoom({ fault }: FaultRow): Promise<void> {
  if (!fullPlaces.some((one) => one === fault)) return;
  await new Promise((resolve) => setTimeout(resolve, (deadmanS + 2) * 1000));
  await bench.root(`rm -rf ${folder}/fill ${base}/fill ${base}/fills`);
}

it.each(rows.map((row) => [nameOf(row), row] as const))(
  '%s: every file is as before or as after, as the host itself says, and nothing is left',
  async (_name, row) => {
    if (row.fault === 'target') await bench.root(`mkdir -p ${folder}; mount -t tmpfs -o size=64k tmpfs ${folder}`);
    if (row.fault.endsWith('of the journal'))
      await bench.root(`mkdir -p ${base}; mount -t tmpfs -o size=256k,nr_inodes=64 tmpfs ${base}; chmod 700 ${base}`);
    await bench.prepare();
    await bench.root(`printf 'three\\n' >${folder}/three.conf; chmod 600 ${folder}/three.conf`);
    const before = await files();
    const plain = bench.change({ ...step, ...(row.change === 'bad' ? bad : {}) }, [
      'old\n',
      'new\n',
      'two\n',
      'three\n',
    ]);
    const made = { ...plain, program: withFault(plain.program, row) };
    const first = apply(made);
    if (row.verb === 'apply') await strike(row, first);
    else {
      if ((await first)?.state !== 'applied') throw new Error('it was not applied at first');
      const then: HostVerb =
        row.verb === 'restore'
          ? { verb: 'restore', why: 'asked' }
          : row.verb === 'fence'
            ? { verb: 'fence' }
            : { verb: 'confirm' };
      await strike(row, ask(made, then));
    }
    // A row that does not come to its point proves nothing.
    expect(await came()).toBe('yes\n');
    await makeRoom(row);
    const over = await settled(made, row);
    const now = await files();
    const stays = words(over).includes('confirmed');
    expect(stays ? now.map(withoutTime) : now).toEqual(stays ? after : before);
    // Where not even its journal could be written nothing was begun: no word is the word for it.
    const last = words(over).at(-1) ?? (row.fault.endsWith('of the journal') ? 'failed' : 'no word');
    expect(last).toMatch(stays ? /^confirmed$/ : /^(restored|abandoned|failed|invalid)$/);
    // Nothing starts that unit as the host comes up.
    const active = await bench.root('systemctl is-active qd-one');
    expect(row.fault === 'power cut' || active === 'active\n').toBe(true);
  },
  120_000,
);
