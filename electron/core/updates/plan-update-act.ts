import { createHash } from 'node:crypto';
import type { HostUpdate } from '#shared/contract/update.ts';
import type { UpdateAct, UpdatePlan } from '#shared/contract/update-act.ts';
import { fail, type Problem, toProblem } from '#shared/contract/problem.ts';
import { settleElevation } from '../actions/elevation.ts';
import type { ActionSurroundings } from '../actions/unit-actions.ts';
import { loadReadFilesScript, readFiles } from '../changes/read-files.ts';
import type { HostAccess } from '../hosts/host-access.ts';
import { Limiter } from '../lib/limiter.ts';
import type { ActEdit, ActSight } from '../providers/update-agents/update-agent.ts';
import { channelDraft, type ChannelEdit } from './channel-draft.ts';
import { orderOf, shownOf } from './run-act.ts';
import { needConnected } from '../actions/need-connected.ts';

type Step = UpdatePlan['steps'][number];
interface LeftOut {
  readonly host: string;
  readonly reason: Problem;
}

const atOnce = 20;

/**
 * Says what an act would mean on each host, by what their agents said last, without touching anything. A host that it
 * cannot be done on is left out with the reason; only a bug of ours rejects.
 */
export async function planUpdateAct(
  around: ActionSurroundings,
  hosts: readonly string[],
  act: UpdateAct,
): Promise<UpdatePlan> {
  const limiter = new Limiter(atOnce);
  const frozen = [...new Set(hosts)];
  const steps: Step[] = [];
  const edits: ChannelEdit[] = [];
  const leftOut: LeftOut[] = [];
  for (const one of await Promise.all(frozen.map((host) => limiter.run(() => planned(around, host, act))))) {
    if ('reason' in one) leftOut.push(one);
    else if ('content' in one) edits.push(one);
    else steps.push(one);
  }
  return { hosts: frozen, act, steps, draft: channelDraft(act, edits), leftOut, fingerprint: hashOf(act, steps) };
}

/** What is known of a host when its agent is told something; throws where it may not be told anything. */
export function sightOf(around: ActionSurroundings, host: string): ActSight & { readonly agent: HostUpdate['agent'] } {
  const { records, actor } = around;
  if (!records.get('host', host, 'identity')) throw fail('not-found', 'not a host of this cluster', { host });
  if (around.mode() !== 'operate') {
    throw fail('refused', 'the cluster is in observe mode: nothing on its hosts may be changed', {
      host,
      hint: 'Switch the cluster to operate mode first.',
    });
  }
  needConnected(records, host);
  const facts = records.get('host', host, 'facts');
  const update = records.get('host', host, 'update');
  if (!facts || !update) throw fail('busy', 'its update agent was not read yet', { host, hint: 'Try again shortly.' });
  return { facts, update, agent: update.agent, actor: actor.name };
}

async function planned(
  around: ActionSurroundings,
  host: string,
  act: UpdateAct,
): Promise<Step | ChannelEdit | LeftOut> {
  try {
    const { agent, ...sight } = sightOf(around, host);
    if (agent === 'none') throw fail('unsupported', 'no update agent that is understood is on this host', { host });
    const order = orderOf(host, agent, act, sight);
    if ('why' in order)
      throw fail('refused', order.why, order.hint === undefined ? { host } : { host, hint: order.hint });
    const access = around.hosts.access(host);
    if ('edit' in order) return await edited(access, order);
    const elevation = await settleElevation(access, sight.facts.elevation);
    if (elevation === 'none') {
      throw fail('permission', 'this user may not become root on this host', {
        host,
        hint: 'Log in as root or as a user that may use sudo.',
      });
    }
    const { means } = order;
    return { host, agent, commands: shownOf(order, elevation), means, before: sight.update.phaseText, elevation };
  } catch (error) {
    const reason = toProblem(error);
    if (reason.code === 'internal') throw error;
    return { host, reason };
  }
}

/** The file as it is to become, of a file that the login user may read. */
async function edited(access: HostAccess, { path, edit }: ActEdit): Promise<ChannelEdit> {
  const { host } = access;
  const [found] = await readFiles(access, loadReadFilesScript(), [path], null);
  if (found?.kind === 'absent') return { host, path, content: edit(null), seen: null };
  if (found?.kind === 'unreadable') throw fail('permission', `${path} cannot be read by the login user`, { host });
  if (found?.kind !== 'file' || found.text === null || found.state.hash === null)
    throw fail('refused', `${path} is no text file`, { host, hint: 'Look at it in the host’s files.' });
  return { host, path, content: edit(found.text), seen: found.state.hash };
}

/** Of what the steps rest on: targets, agent, commands and way to root. */
function hashOf(act: UpdateAct, steps: readonly Step[]): string {
  const facts = steps.map(({ host, agent, commands, elevation }) => [host, agent, commands, elevation]);
  return createHash('sha256')
    .update(JSON.stringify([act, facts]))
    .digest('hex');
}
