import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { openScopes } from '#core/lib/scope.ts';
import type { ConfigDocument, HostDrift } from '#shared/contract/document.ts';
import { labCluster } from '#kit/cluster-text.ts';
import { labUnavailable, startLab, type Lab } from '#kit/lab.ts';
import { skipUnless } from '#kit/skip.ts';
import { startTestCore, type TestCore } from '#kit/test-core.ts';
import type { TestView } from '#kit/view.ts';

const reason = labUnavailable();
const hosts = ['node1', 'node2', 'node3'];
const path = '/etc/qd-docs.conf';
let lab: Lab;
let first: TestCore;
let view: TestView;

async function openConsole(mode: 'operate' | 'observe' = 'operate'): Promise<[TestCore, TestView]> {
  const core = await startTestCore({ clusters: { lab: labCluster(lab, { mode }) } });
  const opened = core.view('lab');
  for (const name of hosts) await opened.until('host', name, 'link', ({ state }) => state === 'up', 30_000);
  return [core, opened];
}

beforeAll(async () => {
  if (reason) return;
  lab = await startLab({ systems: hosts.map(() => 'debian') });
  [first, view] = await openConsole();
});
afterAll(async () => {
  await first?.end();
  await lab?.end();
  expect(openScopes()).toEqual([]);
});
beforeEach(async () => {
  skipUnless(reason === null, reason ?? '');
  await everywhere(
    `rm -f ${path} /etc/qd-closed.conf; printf '[Service]\\nExecStart=/usr/bin/sleep infinity\\n[Install]\\nWantedBy=multi-user.target\\n' >/etc/systemd/system/qd-docs.service; systemctl daemon-reload; systemctl disable -q qd-docs`,
  );
});

/** From outside: root's own shell on each host, not Quarterdeck. */
async function everywhere(script: string, names: readonly string[] = hosts): Promise<string[]> {
  const out: string[] = [];
  for (const name of names) out.push((await lab.exec(name, ['sh', '-c', script])).stdout.trim());
  return out;
}

function fileDocument(name: string, content: string, file: Partial<NonNullable<ConfigDocument['file']>> = {}) {
  const where = { path, mode: '640', owner: { uid: 0, gid: 4 }, actions: [], ...file };
  return { name, format: 'file', targets: '', file: where, content } satisfies ConfigDocument;
}

async function save(document: ConfigDocument, from: TestView = view): Promise<number> {
  const base = from.record('document', document.name)?.about?.last.revision ?? null;
  const { revision } = await from.link.call('document.save', { document, base, message: 'a test' });
  await from.until('document', document.name, 'about', ({ last }) => last.revision === revision);
  return revision;
}

async function removed(name: string): Promise<void> {
  const base = view.record('document', name)?.about?.last.revision ?? 0;
  await view.link.call('document.remove', { name, base, message: '' });
  await expect.poll(() => view.record('document', name)).toBeUndefined();
}

const drift = (name: string, fits: (states: Record<string, string>) => boolean, from: TestView = view) =>
  from.until('document', name, 'drift', (all) => fits(statesOf(all)), 20_000);
const statesOf = (all: readonly HostDrift[]) => Object.fromEntries(all.map(({ host, state }) => [host, state]));
const allAre = (state: string) => (states: Record<string, string>) =>
  hosts.every((host) => states[host] === state) && Object.keys(states).length === hosts.length;
const check = (name: string) => view.link.call('document.check', { names: [name], password: null });

/** As the window does: the correction is planned, proposed, started and waited for. */
async function corrected(names: string[], only: string[] | null = null): Promise<string> {
  const { draft, leftOut } = await view.link.call('document.correct', { names, hosts: only });
  expect(leftOut).toEqual([]);
  if (!draft) throw new Error('there is nothing to correct');
  const quick = { ...draft, policy: { ...draft.policy, soakS: 0, waves: [] } };
  const plan = await view.link.call('change.plan', { draft: quick, password: null });
  expect(plan.leftOut).toEqual([]);
  await view.link.call('change.propose', { plan });
  await view.until('change', plan.id, 'progress', ({ state }) => state === 'planned');
  await view.link.call('change.act', { id: plan.id, verb: 'start', host: null, password: null });
  await view.until('change', plan.id, 'progress', ({ state }) => state === 'committed', 60_000);
  return plan.id;
}

test('drift is seen, corrected through the change engine, and gone; what somebody edits by hand is seen and adopted', async () => {
  await everywhere(`printf 'workers = 4\\n' >${path}; chmod 644 ${path}`, ['node1']);
  const actions = [{ verb: 'enable' as const, unit: 'qd-docs.service' }];
  await save(fileDocument('app', 'workers = 8\n', { actions }));
  const found = await drift('app', (states) => states['node1'] === 'differs' && states['node2'] === 'differs');
  const of = (host: string) => found.find((one) => one.host === host)?.differs.map(({ what, how }) => `${what} ${how}`);
  expect(of('node1')).toEqual([
    `${path} its text differs; its mode is 644, not 640; it belongs to 0:0, not 0:4`,
    'qd-docs.service it is disabled, and should be enabled',
  ]);
  expect(of('node2')).toEqual([`${path} is missing`, 'qd-docs.service it is disabled, and should be enabled']);
  const id = await corrected(['app']);
  // By itself, as the change was over; nobody asked for a check.
  await drift('app', allAre('same'));
  expect(new Set(await everywhere(`cat ${path}; stat -c '%a %u %g' ${path}; systemctl is-enabled qd-docs`))).toEqual(
    new Set(['workers = 8\n640 0 4\nenabled']),
  );
  expect((await view.link.call('document.correct', { names: ['app'], hosts: null })).draft).toBe(null);

  const [kept] = await view.link.call('document.drift', { name: 'app', host: 'node1', password: null });
  expect(kept?.lastChange).toMatchObject({ id, since: null });
  await everywhere(`echo 'debug = 1' >>${path}`, ['node2']);
  await check('app');
  await drift('app', (states) => states['node2'] === 'differs' && states['node1'] === 'same');
  const [file] = await view.link.call('document.drift', { name: 'app', host: 'node2', password: null });
  expect(file).toMatchObject({ path, wished: 'workers = 8\n', found: 'workers = 8\ndebug = 1\n' });
  expect(file?.note).toBe('its text differs');
  // By hand, after the change: it is not said to be the change's.
  expect(file?.lastChange).toMatchObject({ id, since: { at: expect.any(Number) } });

  const adopted = await view.link.call('document.adopt', { name: 'app', host: 'node2', paths: [path], password: null });
  expect(adopted.content).toBe('workers = 8\ndebug = 1\n');
  expect(await save(adopted)).toBe(2);
  await drift('app', (states) => states['node2'] === 'same' && states['node1'] === 'differs');
  await removed('app');
});

test('a unit alone that stands otherwise is corrected without touching files', async () => {
  await everywhere(`printf 'a\\n' >${path}`);
  const actions = [
    { verb: 'enable' as const, unit: 'qd-docs.service' },
    { verb: 'restart' as const, unit: 'qd-docs.service' },
  ];
  await save(fileDocument('unit', 'a\n', { mode: null, owner: null, actions }));
  await drift('unit', allAre('differs'));
  await everywhere('systemctl enable -q qd-docs', ['node1', 'node2']);
  await check('unit');
  await drift('unit', (states) => states['node1'] === 'same' && states['node3'] === 'differs');
  const { draft } = await view.link.call('document.correct', { names: ['unit'], hosts: null });
  expect(draft?.parts.map(({ hosts: of, files, actions: all }) => [of, files.length, all])).toEqual([
    [['node3'], 0, [{ verb: 'enable', unit: 'qd-docs.service' }]],
  ]);
  await corrected(['unit']);
  await drift('unit', allAre('same'));
  expect(await everywhere('systemctl is-active qd-docs', ['node3'])).toEqual(['inactive']);
  await removed('unit');
});

test('a file that moves after it was read is left alone by the correction', async () => {
  await everywhere(`printf 'old\\n' >${path}`);
  await save(fileDocument('moved', 'new\n'));
  await check('moved');
  await drift('moved', allAre('differs'));
  const { draft } = await view.link.call('document.correct', { names: ['moved'], hosts: null });
  if (!draft) throw new Error('there is nothing to correct');
  await everywhere(`printf 'by hand\\n' >${path}`, ['node2']);
  const plan = await view.link.call('change.plan', { draft, password: null });
  expect(plan.leftOut.map(({ host, reason: { code } }) => [host, code])).toEqual([['node2', 'stale']]);
  expect(plan.steps.flatMap((step) => step.hosts)).toEqual(['node1', 'node3']);
  await removed('moved');
});

test('what only root may read is read as root, links and clashes are left out with the reason', async () => {
  await everywhere(`printf 'secret\\n' >/etc/qd-closed.conf; chmod 600 /etc/qd-closed.conf`);
  await everywhere(`ln -s /etc/qd-closed.conf ${path}`, ['node1']);
  await save(fileDocument('closed', 'secret\n', { path: '/etc/qd-closed.conf', mode: '600', owner: null }));
  await drift('closed', allAre('same'));
  await save(fileDocument('a', 'a\n'));
  await save({ ...fileDocument('b', 'b\n'), targets: 'name:node3' });
  const about = await view.until('document', 'a', 'about', ({ problems }) => problems.length > 0);
  expect(about.problems[0]?.message).toBe(`${path} is also named by b for node3`);
  await drift('a', (states) => states['node1'] === 'differs' && states['node2'] === 'missing');
  const { draft, leftOut } = await view.link.call('document.correct', { names: ['a'], hosts: null });
  expect(draft?.parts.flatMap((part) => part.hosts)).toEqual(['node2']);
  expect(leftOut.map(({ host, reason: { code } }) => [host, code])).toEqual([
    ['node1', 'refused'],
    ['node3', 'conflict'],
  ]);
  for (const name of ['a', 'b', 'closed']) await removed(name);
});

test('where sudo asks for a password, what only root may read is told as unreadable, until it is checked with one', async () => {
  await everywhere(`printf 'secret\\n' >/etc/qd-closed.conf; chmod 600 /etc/qd-closed.conf`, ['node1']);
  const { user, password } = lab.env.password;
  const text = labCluster(lab, { hosts: ['node1'], user, etcd: false }).replace(/ {2}keys: .*/, '  keys: []');
  const core = await startTestCore({ clusters: { ops: text } });
  try {
    const operator = core.view('ops');
    const [prompt] = await operator.until('cluster', '', 'prompts', (asked) => asked.length > 0, 30_000);
    await operator.link.call('prompt.answer', { id: prompt?.id ?? '', answers: [password], remember: false });
    await operator.until('host', 'node1', 'facts', () => true, 20_000);
    await save(fileDocument('closed', 'other\n', { path: '/etc/qd-closed.conf', mode: null, owner: null }), operator);
    const [closed] = await drift('closed', (states) => states['node1'] === 'unreadable', operator);
    expect(closed?.reason?.message).toBe('/etc/qd-closed.conf: only root may read it, and sudo asks for a password');
    const { draft, leftOut } = await operator.link.call('document.correct', { names: ['closed'], hosts: null });
    expect([draft, leftOut.map(({ reason: { code } }) => code)]).toEqual([null, ['authentication']]);
    await operator.link.call('document.check', { names: ['closed'], password: 'not it' });
    await drift('closed', (states) => states['node1'] === 'unreadable', operator);
    await operator.link.call('document.check', { names: ['closed'], password });
    await drift('closed', (states) => states['node1'] === 'differs', operator);
    // Read without the password later, it is still known.
    await operator.link.call('document.check', { names: ['closed'], password: null });
    await drift('closed', (states) => states['node1'] === 'differs', operator);
    const call = { name: 'closed', host: 'node1', password } as const;
    expect(await operator.link.call('document.drift', call)).toMatchObject([{ found: 'secret\n' }]);
    const paths = ['/etc/qd-closed.conf'];
    const adopting = operator.link.call('document.adopt', { ...call, paths, password: null });
    await expect(adopting).rejects.toThrow('sudo asks for a password');
    expect(core.log.surprises.join('\n')).not.toContain(password);
  } finally {
    await core.end();
  }
});

test('of two consoles that save at once one wins, the other is told by whom, and sees it at once', async () => {
  const [second, colleague] = await openConsole();
  try {
    await save(fileDocument('shared', 'one\n'));
    await colleague.until('document', 'shared', 'about', ({ last }) => last.revision === 1);
    const saving = (from: TestView, content: string) =>
      from.link.call('document.save', { document: fileDocument('shared', content), base: 1, message: '' }).then(
        () => 'saved',
        (error: unknown) => String(error),
      );
    const outcomes = await Promise.all([saving(view, 'mine\n'), saving(colleague, 'theirs\n')]);
    expect(outcomes.filter((one) => one === 'saved')).toHaveLength(1);
    expect(outcomes.find((one) => one !== 'saved')).toMatch(/saved revision 2 at .*; you edited revision 1/);
    for (const each of [view, colleague])
      await each.until('document', 'shared', 'about', ({ last }) => last.revision === 2);
    const { entries } = await view.link.call('activity.list', { text: 'shared', before: null, limit: 10 });
    expect(entries.every(({ kind, detail }) => kind === 'document' && /hash [0-9a-f]{64}/.test(detail))).toBe(true);
    await removed('shared');
  } finally {
    await second.end();
  }
});

test('in observe mode nothing is saved, and everything is seen', async () => {
  await save(fileDocument('seen', 'x\n'));
  const [second, observer] = await openConsole('observe');
  try {
    await observer.until('document', 'seen', 'about', ({ last }) => last.revision === 1);
    const more = { base: 1, message: '' };
    await expect(
      observer.link.call('document.save', { document: fileDocument('seen', 'y\n'), ...more }),
    ).rejects.toThrow('observe mode');
    await expect(observer.link.call('document.remove', { name: 'seen', ...more })).rejects.toThrow('observe mode');
    expect((await observer.link.call('document.read', { name: 'seen', revision: null })).document.content).toBe('x\n');
  } finally {
    await second.end();
  }
  await removed('seen');
});

test('an edit by hand that systemd is told of is seen soon, without anybody asking', async () => {
  const unit = '/etc/systemd/system/qd-docs.service.d/10-more.conf';
  await save(fileDocument('hint', '[Service]\nNice=5\n', { path: unit, mode: null, owner: null }));
  await everywhere(`mkdir -p ${unit.replace(/[^/]+$/, '')}; printf '[Service]\\nNice=5\\n' >${unit}`);
  await check('hint');
  await drift('hint', allAre('same'));
  // What was to be read for the save, and for the reload before the test, has been read by then.
  await new Promise((resolve) => setTimeout(resolve, 3000));
  await everywhere(`printf '[Service]\\nNice=6\\n' >${unit}; systemctl daemon-reload`, ['node2']);
  const seen = await drift('hint', (states) => states['node2'] === 'differs');
  expect(statesOf(seen)).toEqual({ node1: 'same', node2: 'differs', node3: 'same' });
  await everywhere(`rm -r ${unit.replace(/[^/]+$/, '')}`);
  await removed('hint');
});

test('a host that is down is told as such, and read as soon as it is back', async () => {
  await everywhere(`printf 'x\\n' >${path}; chmod 640 ${path}; chown 0:4 ${path}`);
  await save(fileDocument('down', 'x\n'));
  await drift('down', allAre('same'));
  await lab.kill('node3');
  await drift('down', (states) => states['node3'] === 'unreachable' && states['node1'] === 'same');
  await lab.start('node3');
  await lab.exec('node3', ['sh', '-c', `printf 'y\\n' >${path}`]);
  const back = await view.until('document', 'down', 'drift', (all) => statesOf(all)['node3'] === 'differs', 60_000);
  expect(statesOf(back)['node1']).toBe('same');
  await removed('down');
}, 120_000);
