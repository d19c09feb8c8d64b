import { fail, toProblem } from '#shared/contract/problem.ts';
import { defaultReboots, type RebootOptions, type RebootPlan, type RebootPolicy } from '#shared/contract/reboot.ts';
import { offlineInWords } from '#shared/lib/update/offline-words.ts';
import { settleElevation, shownCommand } from '../actions/elevation.ts';
import type { ActionSurroundings } from '../actions/unit-actions.ts';
import { Limiter } from '../lib/limiter.ts';
import { rebootCommand, type Reboots } from './reboots.ts';
import { needConnected } from '../actions/need-connected.ts';

type Step = RebootPlan['steps'][number];
type LeftOut = RebootPlan['leftOut'][number];

const atOnce = 20;

/** The policy of reboots that a person asks for: the cluster's lock, and people are waited for unless it is to be now. */
export function policyOf({ windows, atOnce }: RebootOptions): RebootPolicy {
  return { ...defaultReboots, windows, atOnce };
}

/** What a reboot would meet on each host, without touching anything; only a bug of ours rejects. */
export async function planReboot(
  around: ActionSurroundings,
  reboots: Reboots,
  hosts: readonly string[],
  options: RebootOptions,
): Promise<RebootPlan> {
  const limiter = new Limiter(atOnce);
  const asked = [...new Set(hosts)];
  const planned = await Promise.all(
    asked.map((host) => limiter.run(() => stepOrReason(around, reboots, host, options))),
  );
  return {
    hosts: asked,
    steps: planned.filter((one): one is Step => 'bootId' in one),
    leftOut: planned.filter((one): one is LeftOut => 'reason' in one),
  };
}

async function stepOrReason(
  around: ActionSurroundings,
  reboots: Reboots,
  host: string,
  options: RebootOptions,
): Promise<Step | LeftOut> {
  try {
    return await stepOf(around, reboots, host, options);
  } catch (error) {
    const reason = toProblem(error);
    if (reason.code === 'internal') throw error;
    return { host, reason };
  }
}

async function stepOf(
  { records, hosts, mode }: ActionSurroundings,
  reboots: Reboots,
  host: string,
  options: RebootOptions,
): Promise<Step> {
  if (!records.get('host', host, 'identity')) throw fail('not-found', 'not a host of this cluster', { host });
  if (mode() !== 'operate') {
    throw fail('refused', 'the cluster is in observe mode: nothing on its hosts may be changed', {
      host,
      hint: 'Switch the cluster to operate mode first.',
    });
  }
  needConnected(records, host);
  const facts = records.get('host', host, 'facts');
  if (!facts) throw fail('unreachable', 'it was not read yet which boot it is in', { host });
  await reboots.refuseWithoutQuorum(host, `A reboot of ${host}`);
  const elevation = await settleElevation(hosts.access(host), facts.elevation);
  if (elevation === 'none') {
    throw fail('permission', 'this user may not become root on this host', {
      host,
      hint: 'Log in as root or as a user that may use sudo.',
    });
  }
  const policy = policyOf(options);
  const offline = records.get('host', host, 'update')?.offline;
  return {
    host,
    bootId: facts.bootId,
    command: shownCommand(rebootCommand.split(' '), elevation),
    elevation,
    obstacles: await reboots.obstacles({ host, policy, now: options.now }),
    lock: await lockInWords(reboots, host, policy.lockGroup),
    ...(offline ? { does: [offlineInWords(offline)] } : {}),
    people: await reboots.people(host).catch(() => []),
  };
}

async function lockInWords(reboots: Reboots, host: string, group: string): Promise<string> {
  try {
    const lock = await reboots.lock(host, group);
    return lock.kind === 'none' ? lock.text : `It takes ${lock.name}.`;
  } catch (error) {
    return `Which reboot lock it takes could not be told: ${toProblem(error).message}.`;
  }
}
