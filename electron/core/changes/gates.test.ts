import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Gate } from '#shared/contract/change.ts';
import { fail } from '#shared/contract/problem.ts';
import type { HealthState, HostLink, HostLoad } from '#shared/contract/host.ts';
import { localAccess } from '#kit/command-access.ts';
import { elevate } from '../actions/elevation.ts';
import { Records } from '../fleet/records.ts';
import { askGate, type GateHost } from './gates.ts';

let folder: string;
let servers: Server[];
beforeEach(() => {
  servers = [];
  folder = mkdtempSync(join(tmpdir(), 'quarterdeck-gates-'));
  mkdirSync(join(folder, 'bin'));
});
afterEach(() => {
  for (const server of servers) server.close();
  rmSync(folder, { recursive: true, force: true });
});

/** This machine with a systemctl that says what `said` holds, one line an answer, the last for ever; the clock runs as it sleeps. */
function host(said: readonly string[] = [], env: NodeJS.ProcessEnv = process.env) {
  for (const [at, text] of said.entries()) writeFileSync(join(folder, `said-${at}`), text);
  const answer = `n=$(cat ${folder}/asked 2>/dev/null || echo 0); echo $((n + 1)) >${folder}/asked
while [ ! -e ${folder}/said-$n ] && [ $n -gt 0 ]; do n=$((n - 1)); done
cat ${folder}/said-$n 2>/dev/null\n`;
  writeFileSync(join(folder, 'bin/systemctl'), `#!/bin/sh\n${answer}`, { mode: 0o755 });
  const access = localAccess(() => Promise.reject(fail('unsupported', 'no bus')), {
    ...env,
    PATH: `${folder}/bin:${env['PATH']}`,
  });
  const records = new Records();
  const watched: string[] = [];
  let clock = 1_000_000;
  const later: (() => void)[] = [];
  let isCut = false;
  const asked: GateHost = {
    access: {
      ...access,
      exec: async (...given) => {
        const result = await access.exec(...given);
        return isCut ? { ...result, exitCode: null, lost: true } : result;
      },
    },
    records,
    now: () => clock,
    sleep: async (ms) => {
      clock += ms;
      later.shift()?.();
    },
    watch: (name) => {
      watched.push(name);
      return () => void watched.splice(watched.indexOf(name), 1);
    },
    asRoot: (words) => elevate('local', words, 'root', null),
  };
  const health = (state: HealthState, text = '') =>
    records.publish('host', 'local', 'health', {
      state,
      since: 0,
      reasons: text === '' ? [] : [{ code: 'unit-failed', state, text, subject: '', since: 0 }],
    });
  const cut = () => {
    isCut = true;
    records.publish('host', 'local', 'link', { state: 'lost' } as HostLink);
  };
  const heard = () => records.publish('host', 'local', 'load', { readAt: clock } as HostLoad);
  const ask = (gate: Gate, before = { system: 'running', health: 'healthy' }) => askGate(gate, asked, before);
  return { ask, cut, health, heard, later, watched, clock: () => clock };
}

describe('a unit', () => {
  const shown = (words: Record<string, string | number>) =>
    Object.entries({ LoadState: 'loaded', Type: 'simple', Result: 'success', NRestarts: 0, ...words })
      .map(([name, value]) => `${name}=${value}\n`)
      .join('');
  const gate: Gate = { kind: 'unit-active', unit: 'x.service', settleS: 5 };
  it.each<[string, string[], string, RegExp]>([
    ['is and stays active', [shown({ ActiveState: 'active' })], 'pass', /active/],
    ['is not', [shown({ ActiveState: 'failed' })], 'fail', /failed/],
    ['ends later', [shown({ ActiveState: 'active' }), shown({ ActiveState: 'failed' })], 'fail', /failed/],
    [
      'had to be started again',
      [shown({ ActiveState: 'active' }), shown({ ActiveState: 'active', NRestarts: 1 })],
      'fail',
      /started again 1 times/,
    ],
    ['did its work', [shown({ ActiveState: 'inactive', Type: 'oneshot' })], 'pass', /ended well/],
    ['did not do it', [shown({ ActiveState: 'inactive', Type: 'oneshot', Result: 'exit-code' })], 'fail', /inactive/],
    ['is not there', [shown({ ActiveState: 'inactive', Type: '', LoadState: 'not-found' })], 'fail', /inactive/],
    ['cannot be asked', [''], 'inconclusive', /does not tell/],
  ])('that %s', async (_what, said, verdict, text) => {
    expect(await host(said).ask(gate)).toMatchObject({ verdict, text: expect.stringMatching(text) });
  });
});

it.each([
  ['running', 'degraded', 'fail'],
  ['degraded', 'degraded', 'pass'],
  ['degraded', 'running', 'pass'],
  ['running', '', 'inconclusive'],
])('the system that was %s and says %j: %s', async (system, says, verdict) => {
  expect(await host([says]).ask({ kind: 'system-running' }, { system, health: 'healthy' })).toMatchObject({ verdict });
});

it.each<[string, Gate]>([
  ['a command', { kind: 'command', command: 'exit 0', timeoutS: 1 }],
  ['a unit', { kind: 'unit-active', unit: 'x.service', settleS: 0 }],
  ['a port', { kind: 'port', port: 22 }],
  ['the system', { kind: 'system-running' }],
  ['health', { kind: 'health' }],
])('that a host was cut off while it was asked is told apart: %s', async (_what, gate) => {
  const { ask, cut } = host(['ActiveState=active']);
  cut();
  expect(await ask(gate)).toMatchObject({ verdict: 'inconclusive', cutOff: true });
});

describe('a command', () => {
  it.each<[string, string, RegExp]>([
    ['exit 0', 'pass', /exit 0/],
    ['echo wrong >&2; exit 3', 'fail', /exit 3: wrong/],
    ['sleep 5', 'inconclusive', /no answer within 1 s/],
    ['exit 255', 'inconclusive', /connection was lost/],
  ])('%s: %s', async (command, verdict, text) => {
    const asked = await host().ask({ kind: 'command', command, timeoutS: 1 });
    expect(asked).toMatchObject({ verdict, text: expect.stringMatching(text) });
  });
});

describe('a port', () => {
  const listen = async (address: string): Promise<number> => {
    const server = createServer((socket) => socket.end());
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, address, resolve));
    const bound = server.address();
    return typeof bound === 'object' && bound ? bound.port : 0;
  };

  it('is asked by a connection, and told where it answered', async () => {
    const port = await listen('127.0.0.1');
    expect(await host().ask({ kind: 'port', port })).toMatchObject({ verdict: 'pass', text: 'answered at 127.0.0.1' });
  });

  it('may need a moment, and fails when nothing comes of it', async () => {
    const port = await listen('127.0.0.1');
    servers.pop()?.close();
    const { ask, clock } = host();
    const from = clock();
    expect(await ask({ kind: 'port', port })).toMatchObject({ verdict: 'fail', text: 'nothing answers' });
    expect(clock() - from).toBe(5000);
  });

  it('cannot be asked where there is nothing to connect with', async () => {
    for (const name of ['sh', 'cat', 'echo', 'timeout']) symlinkSync(`/usr/bin/${name}`, join(folder, 'bin', name));
    const { ask } = host([], { PATH: join(folder, 'bin') });
    expect(await ask({ kind: 'port', port: 22 })).toMatchObject({
      verdict: 'inconclusive',
      text: expect.stringContaining('neither bash nor python3 nor nc'),
    });
  });
});

describe('health', () => {
  const gate: Gate = { kind: 'health' };

  it('counts only what was heard since the change', async () => {
    const { ask, health, heard, later, watched } = host();
    health('healthy');
    heard();
    later.push(
      () => expect(watched).toEqual(['local']),
      () => {
        health('failing', 'x.service is failed');
        heard();
      },
    );
    expect(await ask(gate)).toMatchObject({
      verdict: 'fail',
      text: 'healthy before, failing now: x.service is failed',
    });
    expect(watched).toEqual([]);
  });

  it('passes with the first word that is no worse; a host may get over it', async () => {
    const { ask, health, heard, later, clock } = host();
    health('failing');
    const from = clock();
    later.push(heard, () => health('healthy'));
    expect(await ask(gate)).toMatchObject({ verdict: 'pass' });
    expect(clock() - from).toBeLessThan(2000);
  });

  it('is not known where nothing is heard, nor where it was not known before', async () => {
    const silent = host();
    silent.health('healthy');
    expect(await silent.ask(gate)).toMatchObject({
      verdict: 'inconclusive',
      text: 'healthy before, healthy now; nothing new was heard of it since the change',
    });
    const fresh = host();
    fresh.health('attention');
    fresh.later.push(fresh.heard);
    expect(await fresh.ask(gate, { system: '', health: 'unknown' })).toMatchObject({ verdict: 'inconclusive' });
  });
});
