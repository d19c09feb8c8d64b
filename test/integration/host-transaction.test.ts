import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { onHost } from '#core/changes/host-transaction.ts';
import { type ChangeBench, fileOf, hashOf, type MadeChange, path, startChangeBench, words } from '#kit/change-bench.ts';
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

it('makes a change whole, restarts its unit once, and is gone when it is confirmed', async () => {
  const before = await bench.invocation();
  const made = bench.change();
  const applied = await bench.apply(made);
  expect(applied).toMatchObject({ state: 'applied', exitCode: 0 });
  expect(words(applied)).toEqual(['begun', 'backed-up', 'armed', 'written', 'acted', 'applied']);
  expect(await bench.root(`cat ${path}; stat -c '%a %u %g' ${path}`)).toBe('new\n640 0 4\n');
  const after = await bench.invocation();
  expect(after).not.toBe(before);
  expect(await bench.root('systemctl list-timers --all --no-legend --plain')).toContain(
    `quarterdeck-deadman-${made.id}`,
  );
  const confirmed = await onHost(bench.reach, made.id, 1, { verb: 'confirm' }, { anew: true });
  expect(confirmed.state).toBe('none');
  expect(words(confirmed).at(-1)).toBe('confirmed');
  expect(await bench.litter()).toBe('');
  expect(await bench.invocation()).toBe(after);
  expect(await bench.root('journalctl -t quarterdeck -o cat --no-pager')).toContain('ada: a test: confirmed');
  // Once more: nothing happens.
  const again = await bench.apply(made);
  expect(words(again).at(-1)).toBe('confirmed');
  expect(await bench.invocation()).toBe(after);
  expect(await bench.litter()).toBe('');
});

it('touches nothing when a validator refuses the copy', async () => {
  const before = await bench.root(`stat -c '%i %y %z' ${path}`);
  const refuse = {
    name: 'a validator',
    when: 'staged' as const,
    path,
    command: 'cat "$1"; ls "$QD_ROOT/etc/qd-test"; exit 3',
  };
  const made = bench.change({ validators: [refuse] });
  const refused = await bench.apply(made);
  expect(refused.steps.at(-1)).toMatchObject({
    step: 'invalid',
    text: `a validator refuses ${path} (exit 3): new one.conf`,
  });
  expect(await bench.root(`stat -c '%i %y %z' ${path}`)).toBe(before);
  expect(await bench.litter()).toBe('');
});

it('puts everything back, times too, when a unit does not come up', async () => {
  const before = await bench.look();
  const made = bench.change({ actions: [{ verb: 'restart', unit: 'no-such.service' }] });
  const restored = await bench.apply(made);
  expect(words(restored)).toEqual([
    'begun',
    'backed-up',
    'armed',
    'written',
    'failed',
    'restoring',
    'put-back',
    'acted',
    'restored',
  ]);
  expect(restored.steps.find(({ step }) => step === 'failed')?.text).toContain('no-such.service');
  expect(await bench.look()).toBe(before);
  expect(await bench.litter()).toBe('');
});

it('refuses a file that is not as the plan says, and touches nothing', async () => {
  await bench.root(`echo theirs >>${path}`);
  const before = await bench.look();
  const stale = await bench.apply(bench.change());
  expect(words(stale)).toEqual(['stale']);
  expect(stale.steps[0]?.text).toContain(`${path} is ${hashOf('old\ntheirs\n')}`);
  expect(await bench.look()).toBe(before);
  expect(await bench.litter()).toBe('');
});

it('refuses an owner that was replaced', async () => {
  const made = bench.change();
  await bench.apply(made, 7);
  expect(words(await onHost(bench.reach, made.id, 5, { verb: 'confirm' })).at(-1)).toBe('old-token');
  await onHost(bench.reach, made.id, 9, { verb: 'fence' });
  const refused = await onHost(bench.reach, made.id, 7, { verb: 'restore', why: 'the old owner' });
  expect(refused).toMatchObject({ state: 'applied', exitCode: 76 });
  expect(words(await onHost(bench.reach, made.id, 9, { verb: 'confirm' })).at(-1)).toBe('confirmed');
});

it('refuses to make a change that an owner sends who was replaced: whatever became of it, the file is not touched', async () => {
  const before = await bench.root(`stat -c '%i %y' ${path}`);
  const refuses = async (made: MadeChange, token: number, state: string) => {
    const refused = await bench.apply(made, token);
    expect(refused).toMatchObject({ state, exitCode: 76 });
    expect(refused.steps.at(-1)).toMatchObject({ step: 'old-token', token });
  };
  // Nothing of it came here yet when the new owner looked.
  const late = bench.change();
  await onHost(bench.reach, late.id, 9, { verb: 'fence' });
  await refuses(late, 7, 'none');
  expect(await bench.root(`stat -c '%i %y' ${path}`)).toBe(before);
  expect(await bench.litter()).toBe('');
  // The new one may.
  expect((await bench.apply(late, 9)).state).toBe('applied');
  const applied = await bench.root(`stat -c '%i %y' ${path}`);
  await refuses(late, 7, 'applied');
  expect(await bench.root(`stat -c '%i %y' ${path}`)).toBe(applied);
  // And it may take it back: then it stays taken back.
  await onHost(bench.reach, late.id, 9, { verb: 'restore', why: 'asked' });
  const restored = await bench.look();
  await refuses(late, 7, 'none');
  expect(await bench.look()).toBe(restored);
  expect(await bench.litter()).toBe('');
});

it('lets one change at a time wait for its confirmation', async () => {
  const first = bench.change();
  await bench.apply(first);
  const other = bench.change({ files: [{ path, before: fileOf('new\n'), after: fileOf('newer\n') }] }, ['newer\n']);
  const refused = await bench.apply(other);
  expect(refused.steps.at(-1)).toMatchObject({ step: 'busy', text: `change ${first.id} is applied here` });
  await onHost(bench.reach, first.id, 1, { verb: 'confirm' });
  expect((await bench.apply(other)).state).toBe('applied');
});

it('makes and removes files and folders, and takes both back', async () => {
  const fresh = '/etc/systemd/system/qd-one.service.d/10-new.conf';
  const text = '[Service]\nEnvironment="A=it\'s $HOME `x` \\\\ %"\n';
  const made = bench.change(
    {
      files: [
        { path: fresh, before: { kind: 'absent' }, after: fileOf(text, '644', 0, 0) },
        { path, before: fileOf('old\n'), after: { kind: 'absent' } },
      ],
      actions: [{ verb: 'daemon-reload', unit: null }],
      undo: [{ verb: 'daemon-reload', unit: null }],
    },
    [text],
  );
  const before = await bench.look();
  const applied = await bench.apply(made, 1, 60);
  expect(applied.state).toBe('applied');
  expect(await bench.root(`cat ${fresh}; ls ${path} 2>&1; stat -c %a ${fresh} ${fresh.slice(0, -12)}`)).toBe(
    `${text}ls: cannot access '${path}': No such file or directory\n644\n755\n`,
  );
  await onHost(bench.reach, made.id, 1, { verb: 'restore', why: 'asked' });
  expect(await bench.look()).toBe(before);
  expect(await bench.root(`ls -d ${fresh.slice(0, -12)} 2>&1`)).toContain('No such file');
  expect(await bench.litter()).toBe('');
});

it('takes back a unit that it brought, though it never came to be enabled', async () => {
  const fresh = '/etc/systemd/system/qd-fresh.service';
  const text = '[Service]\nExecStart=/usr/bin/sleep infinity\n[Install]\nWantedBy=multi-user.target\n';
  const made = bench.change(
    {
      files: [{ path: fresh, before: { kind: 'absent' }, after: fileOf(text, '644', 0, 0) }],
      actions: [
        { verb: 'daemon-reload', unit: null },
        { verb: 'restart', unit: 'no-such.service' },
        { verb: 'enable', unit: 'qd-fresh.service' },
      ],
      undo: [
        { verb: 'daemon-reload', unit: null },
        { verb: 'disable', unit: 'qd-fresh.service' },
        { verb: 'stop', unit: 'no-such.service' },
      ],
    },
    [text],
  );
  const restored = await bench.apply(made);
  expect(restored.steps.at(-1)?.step).toBe('restored');
  expect(await bench.root(`ls ${fresh} 2>&1`)).toContain('No such file');
  expect(await bench.litter()).toBe('');
});

it('names the host by its file, and gives it its old name back', async () => {
  const names = () => bench.root('cat /etc/hostname /proc/sys/kernel/hostname; stat -c "%a %u %g" /etc/hostname');
  await bench.root('printf "node1\\n" >/etc/hostname; chmod 644 /etc/hostname');
  const before = await names();
  const named = (gone: string) =>
    bench.change(
      {
        files: [
          { path: '/etc/hostname', before: fileOf('node1\n', '644', 0, 0), after: fileOf('harbour\n', '644', 0, 0) },
        ],
        actions: [{ verb: 'set-hostname', unit: null }, ...(gone ? [{ verb: 'restart' as const, unit: gone }] : [])],
        undo: [{ verb: 'set-hostname', unit: null }],
      },
      ['node1\n', 'harbour\n'],
    );
  expect((await bench.apply(named('no-such.service'))).steps.at(-1)?.step).toBe('restored');
  expect(await names()).toBe(before);
  const good = named('');
  expect((await bench.apply(good)).state).toBe('applied');
  expect(await names()).toBe('harbour\nharbour\n644 0 0\n');
  await onHost(bench.reach, good.id, 1, { verb: 'restore', why: 'a test' });
  expect(await names()).toBe(before);
});
