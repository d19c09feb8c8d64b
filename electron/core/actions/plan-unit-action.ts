import { createHash } from 'node:crypto';
import { fail, toProblem } from '#shared/contract/problem.ts';
import type { UnitPlan, UnitVerb } from '#shared/contract/unit.ts';
import { cleanLine } from '#shared/lib/clean-text.ts';
import { Limiter } from '../lib/limiter.ts';
import { commandLine } from '../lib/shell-quote.ts';
import { settleElevation, shownCommand } from './elevation.ts';
import type { ActionSurroundings } from './unit-actions.ts';
import { needConnected } from './need-connected.ts';

type Step = UnitPlan['steps'][number];
type LeftOut = UnitPlan['leftOut'][number];

const atOnce = 20;

const undo: Record<UnitVerb, (unit: string) => string> = {
  start: (unit) => `systemctl stop ${unit}`,
  stop: (unit) => `systemctl start ${unit}`,
  restart: () => 'none: a restart cannot be taken back',
  reload: () => 'none: a reload cannot be taken back',
  enable: (unit) => `systemctl disable ${unit}`,
  disable: (unit) => `systemctl enable ${unit}`,
  'reset-failed': () => 'none: only the failed mark is cleared',
};

/**
 * Reads what the action would meet on each host, without touching anything. A host that it cannot be done on is left out
 * with the reason, and keeps nobody else from being planned; only a bug of ours rejects.
 */
export async function planUnitAction(
  around: ActionSurroundings,
  hosts: readonly string[],
  unit: string,
  verb: UnitVerb,
): Promise<UnitPlan> {
  const limiter = new Limiter(atOnce);
  const frozen = [...new Set(hosts)];
  const steps: Step[] = [];
  const leftOut: LeftOut[] = [];
  const planned = frozen.map((host) => limiter.run(() => stepOrReason(around, host, unit, verb)));
  for (const one of await Promise.all(planned)) {
    if ('reason' in one) leftOut.push(one);
    else steps.push(one);
  }
  return { hosts: frozen, unit, verb, steps, leftOut, undo: undo[verb](unit), fingerprint: hashOf(unit, verb, steps) };
}

async function stepOrReason(
  around: ActionSurroundings,
  host: string,
  unit: string,
  verb: UnitVerb,
): Promise<Step | LeftOut> {
  try {
    return await planStep(around, host, unit, verb);
  } catch (error) {
    const reason = toProblem(error);
    if (reason.code === 'internal') throw error;
    return { host, reason };
  }
}

async function planStep(around: ActionSurroundings, host: string, unit: string, verb: UnitVerb): Promise<Step> {
  if (!around.records.get('host', host, 'identity')) throw fail('not-found', 'not a host of this cluster', { host });
  if (around.mode() !== 'operate') {
    throw fail('refused', 'the cluster is in observe mode: nothing on its hosts may be changed', {
      host,
      hint: 'Switch the cluster to operate mode first.',
    });
  }
  needConnected(around.records, host);
  await around.guard.unit(host, unit, verb);
  const access = around.hosts.access(host);
  const before = await unitBefore(around, host, unit, verb);
  const elevation = await settleElevation(access, around.records.get('host', host, 'facts')?.elevation ?? 'unknown');
  if (elevation === 'none') {
    throw fail('permission', 'this user may not become root on this host', {
      host,
      hint: 'Log in as root or as a user that may use sudo.',
    });
  }
  return { host, command: shownCommand(['systemctl', verb, unit], elevation), before, elevation };
}

/** The unit's present state in words; throws `not-found` where the verb has nothing to act on. */
async function unitBefore(around: ActionSurroundings, host: string, unit: string, verb: UnitVerb): Promise<string> {
  const read = ['LoadState', 'ActiveState', 'SubState', 'UnitFileState'].flatMap((name) => ['-p', name]);
  const shown = await around.hosts.access(host).exec(commandLine(['systemctl', 'show', ...read, '--', unit]), {
    timeoutMs: 10_000,
    maxBytes: 4096,
  });
  const properties = new Map(
    new TextDecoder()
      .decode(shown.stdout)
      .split('\n')
      .map((line) => {
        const at = line.indexOf('=');
        return [line.slice(0, at), cleanLine(line.slice(at + 1), 60)] as const;
      }),
  );
  if (shown.exitCode !== 0 || !properties.has('LoadState'))
    throw fail('protocol', `systemctl could not tell of ${unit}`, { host });
  const active = properties.get('ActiveState') ?? '?';
  // A unit whose file was deleted while it ran can still be stopped, and its failure be cleared.
  const lingers = active !== 'inactive' && (verb === 'stop' || verb === 'reset-failed');
  if (properties.get('LoadState') === 'not-found' && !lingers) throw fail('not-found', `there is no ${unit}`, { host });
  const state = `${active} (${properties.get('SubState') ?? '?'})`;
  const file = properties.get('UnitFileState') ?? '';
  return file ? `${state}, ${file}` : state;
}

/** A hash of the facts the steps rest on: targets, command and way to root; for enable and disable the unit-file state too. */
function hashOf(unit: string, verb: UnitVerb, steps: readonly Step[]): string {
  const filesMatter = verb === 'enable' || verb === 'disable';
  const facts = steps.map(({ host, command, elevation, before }) => [
    host,
    command,
    elevation,
    filesMatter ? before.split(', ')[1] : '',
  ]);
  return createHash('sha256')
    .update(JSON.stringify([unit, verb, facts]))
    .digest('hex');
}
