import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import type { PlannedStep } from '#shared/contract/change.ts';
import { onHost } from '#core/changes/host-transaction.ts';
import { type ChangeBench, fileOf, type MadeChange, path, startChangeBench, words } from '#kit/change-bench.ts';
import { labUnavailable } from '#kit/lab.ts';
import { skipUnless } from '#kit/skip.ts';

const unavailable = labUnavailable();
let bench: ChangeBench;

beforeAll(async () => {
  if (unavailable === null) bench = await startChangeBench();
});
afterAll(() => bench?.end());
beforeEach(async () => {
  skipUnless(unavailable === null, unavailable ?? '');
  await bench.prepare();
});
afterEach(() => bench?.tidy());

it('takes itself back when nobody confirms', async () => {
  const before = await bench.look();
  const made = bench.change();
  expect((await bench.apply(made, 1, 3)).state).toBe('applied');
  const over = await bench.standing(made.id);
  expect(words(over).slice(-4)).toEqual(['restoring', 'put-back', 'acted', 'restored']);
  expect(over.steps.at(-1)?.text).toBe('deadman');
  expect(await bench.look()).toBe(before);
  expect(await bench.litter()).toBe('');
  expect(words(await onHost(bench.reach, made.id, 1, { verb: 'confirm' })).at(-1)).toBe('restored');
});

it('does not restore over what a person wrote meanwhile, and says so', async () => {
  const made = bench.change();
  await bench.apply(made, 1, 3);
  await bench.root(`echo mine >${path}`);
  const over = await bench.standing(made.id);
  expect(over.state).toBe('not-restored');
  expect(over.steps.at(-1)).toMatchObject({
    step: 'not-restored',
    text: expect.stringContaining(`${path} was changed by somebody since`),
  });
  expect(await bench.root(`cat ${path}`)).toBe('mine\n');
});

it('says NOT restored when the folder cannot be written, and restores when asked again', async () => {
  const before = await bench.look();
  const made = bench.change();
  await bench.apply(made, 1, 60);
  await bench.root('mount --bind /etc/qd-test /etc/qd-test && mount -o remount,ro,bind /etc/qd-test');
  try {
    const stuck = await onHost(bench.reach, made.id, 1, { verb: 'restore', why: 'asked' });
    expect(stuck.state).toBe('not-restored');
    expect(stuck.steps.at(-1)?.text).toContain(`${path} could not be put back`);
  } finally {
    await bench.root('umount /etc/qd-test');
  }
  const restored = await onHost(bench.reach, made.id, 1, { verb: 'restore', why: 'asked again' });
  expect(words(restored).at(-1)).toBe('restored');
  expect(await bench.look()).toBe(before);
  expect(await bench.litter()).toBe('');
});

it('leaves the file as it was when the disk is full', async () => {
  await bench.root(
    'mount -t tmpfs -o size=16k tmpfs /etc/qd-test; printf "old\n" >/etc/qd-test/one.conf; chmod 640 /etc/qd-test/one.conf; chown 0:4 /etc/qd-test/one.conf',
  );
  try {
    const before = await bench.look();
    const big = 'x'.repeat(40_000);
    const full = await bench.apply(
      bench.change({ files: [{ path, before: fileOf('old\n'), after: fileOf(big) }] }, [big]),
    );
    expect(words(full).at(-1)).toBe('failed');
    expect(full.steps.at(-1)?.text).toContain(`${path} could not be written`);
    expect(await bench.look()).toBe(before);
    expect(await bench.root('ls -A /etc/qd-test')).toBe('one.conf\n');
  } finally {
    await bench.root('umount /etc/qd-test');
  }
  expect(await bench.litter()).toBe('');
});

const twoFiles = (): Partial<Omit<PlannedStep, 'hosts'>> => ({
  files: [
    { path, before: fileOf('old\n'), after: fileOf('new\n') },
    { path: '/etc/qd-test/two.conf', before: { kind: 'absent' }, after: fileOf('two\n', '644', 0, 0) },
  ],
});

for (const at of ['begun', 'backed-up', 'armed', 'written', 'acted', 'applied', 'restoring', 'put-back']) {
  it(`killed at "${at}", ends with every file as it was`, async () => {
    const before = await bench.look();
    const fail =
      at === 'restoring' || at === 'put-back'
        ? { actions: [{ verb: 'restart' as const, unit: 'no-such.service' }] }
        : {};
    const made = bench.change({ ...twoFiles(), ...fail }, ['old\n', 'new\n', 'two\n']);
    await bench.root('rm -f /run/qd-killed');
    // It dies, what comes to take it back dies once too, and then it is left in peace.
    const dies = `qd_step() {\n  if [ "$1" = ${at} ] && [ ! -e /run/qd-killed ]; then : >/run/qd-killed; kill -9 $$; fi\n`;
    const killed = await bench.apply({ ...made, program: made.program.replace('qd_step() {\n', () => dies) }, 1, 3);
    await bench.root('rm -f /run/qd-killed');
    expect(['none', 'begun', 'armed', 'restoring']).toContain(killed.state);
    // Where the timer was not set yet, nothing was changed: the next to come clears it away.
    if (at === 'begun' || at === 'backed-up' || at === 'armed')
      await onHost(bench.reach, made.id, 1, { verb: 'restore', why: 'it died' });
    const over = await bench.standing(made.id);
    expect(over.state).toBe('none');
    expect(['restored', 'abandoned']).toContain(words(over).at(-1));
    expect(await bench.look()).toBe(before);
    expect(await bench.root('ls -A /etc/qd-test')).toBe('one.conf\n');
    expect(await bench.litter()).toBe('');
  });
}

it('compares anew what an attempt that died had found as planned already', async () => {
  const two = '/etc/qd-test/two.conf';
  const files = [
    { path, before: fileOf('old\n'), after: fileOf('new\n') },
    { path: two, before: fileOf('one\n'), after: fileOf('two\n') },
  ];
  await bench.root(`cp -p ${path} ${two}; printf 'two\n' >${two}`);
  const made = bench.change({ files }, ['old\n', 'new\n', 'one\n', 'two\n']);
  const dies = (head: string) => `${head}  [ "$1" != begun ] || kill -9 $$\n`;
  const died = await bench.apply({ ...made, program: made.program.replace('qd_step() {\n', dies) });
  expect(died.state).toBe('none');
  await bench.root(`printf 'one\n' >${two}`);
  expect((await bench.apply(made)).state).toBe('applied');
  expect(await bench.root(`cat ${path} ${two}`)).toBe('new\ntwo\n');
});

const inPlace = `printf 'mine\\n' >${path}\n`;
const byRename = `printf 'mine\\n' >${path}.mine; mv ${path}.mine ${path}\n`;

/** A change while which a person writes, as its program comes to a function. */
function edited(step: Partial<Omit<PlannedStep, 'hosts'>>, at: string, edit: string): MadeChange {
  const made = bench.change(step, ['old\n', 'new\n', 'two\n']);
  const program = made.program.replace(`${at}() {\n`, (head) => head + edit);
  expect(program).not.toBe(made.program);
  return { ...made, program };
}

for (const [who, files, at, edit] of [
  ['one file, in place', {}, 'qd_look_again', inPlace],
  ['one file, by another', {}, 'qd_look_again', byRename],
  ['two files, in place', twoFiles(), 'qd_look_again', inPlace],
  ['two files, by another', twoFiles(), 'qd_look_again', byRename],
  ['one file, by another after the last look', {}, 'qd_swap', byRename],
  ['two files, in place after the last look', twoFiles(), 'qd_swap', inPlace],
  ['two files, by another after the last look', twoFiles(), 'qd_swap', byRename],
] as const) {
  it(`leaves what a person writes at the last moment before the swap: ${who}`, async () => {
    const failed = await bench.apply(edited(files, at, edit));
    expect(failed.steps.findLast(({ step }) => step === 'failed')?.text).toContain('somebody else');
    expect(await bench.root(`cat ${path}; ls -A /etc/qd-test`)).toBe('mine\none.conf\n');
    expect(failed).toMatchObject({ state: 'none', exitCode: 74 });
    expect(await bench.litter()).toBe('');
  });
}

it('names the file that a person wrote at the last moment, where another was in place already', async () => {
  const files = twoFiles().files?.toReversed() ?? [];
  const failed = await bench.apply(edited({ files }, 'qd_swap', inPlace));
  expect(failed.state).toBe('not-restored');
  expect(failed.steps.at(-1)?.text).toBe(`${path} was changed by somebody since and is left as it is;`);
  expect(await bench.root(`cat ${path}; ls -A /etc/qd-test`)).toBe('mine\none.conf\n');
});

const backup = (id: string) => `/var/lib/quarterdeck/changes/${id}/before/0`;

it('keeps the very file that was there, to put it back', async () => {
  const inode = await bench.root(`stat -c %i ${path}`);
  const made = bench.change();
  expect((await bench.apply(made)).state).toBe('applied');
  expect(await bench.root(`stat -c %i ${backup(made.id)}; cat ${backup(made.id)}`)).toBe(`${inode}old\n`);
});

it('keeps a copy where its folder is on another disk', async () => {
  await bench.root('mkdir -p /var/lib/quarterdeck && mount -t tmpfs tmpfs /var/lib/quarterdeck');
  try {
    const before = await bench.look();
    const made = bench.change();
    expect((await bench.apply(made)).state).toBe('applied');
    const kept = `cat ${backup(made.id)}; stat -c '%a %u %g %Y %y' ${backup(made.id)}`;
    expect(await bench.root(kept)).toBe(before);
    const restored = await onHost(bench.reach, made.id, 1, { verb: 'restore', why: 'asked' });
    expect(words(restored).at(-1)).toBe('restored');
    expect(await bench.look()).toBe(before);
    expect(await bench.litter()).toBe('');
    const failed = await bench.apply(edited({}, 'qd_swap', inPlace));
    expect(failed.steps.findLast(({ step }) => step === 'failed')?.text).toContain('somebody else');
    expect(await bench.root(`cat ${path}`)).toBe('mine\n');
  } finally {
    await bench.root('umount /var/lib/quarterdeck');
  }
});

it('goes on when the connection is cut, and its outcome is read over another', async () => {
  const made = bench.change({ actions: [{ verb: 'start', unit: 'qd-slow.service' }], undo: [] });
  await bench.root(
    "printf '[Service]\\nType=oneshot\\nExecStart=/usr/bin/sleep 2\\n' >/run/systemd/system/qd-slow.service; systemctl daemon-reload",
  );
  const lost = bench.apply(made).catch((error: Error) => error.message);
  await expect.poll(() => bench.root(`cat /var/lib/quarterdeck/journal`), { timeout: 5000 }).toContain('written');
  await bench.root("pkill -KILL -f 'sshd: core'");
  expect(await lost).toContain('lost');
  await bench.watched.state('node1', 'up', 20_000);
  expect((await bench.standing(made.id, 4000)).state).toBe('applied');
  expect(words(await onHost(bench.reach, made.id, 1, { verb: 'confirm' })).at(-1)).toBe('confirmed');
});

it('takes the change back after a power cut before it was confirmed', async () => {
  const before = await bench.look();
  const made = bench.change();
  expect((await bench.apply(made, 1, 600)).state).toBe('applied');
  await bench.lab.kill('node1');
  await bench.lab.start('node1');
  await bench.watched.state('node1', 'up', 40_000);
  const over = await bench.standing(made.id, 20_000);
  expect(words(over).at(-1)).toBe('restored');
  expect(over.steps.at(-1)?.text).toBe('boot');
  expect(await bench.look()).toBe(before);
  expect(await bench.litter()).toBe('');
});
