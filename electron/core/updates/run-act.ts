import { randomUUID } from 'node:crypto';
import { fail, toProblem } from '#shared/contract/problem.ts';
import type { UpdateAgentName } from '#shared/contract/update.ts';
import type { UpdateAct } from '#shared/contract/update-act.ts';
import { cleanLine } from '#shared/lib/clean-text.ts';
import { elevate, settleElevation, shownCommand } from '../actions/elevation.ts';
import type { ExecResult, HostAccess } from '../hosts/host-access.ts';
import { commandLine } from '../lib/shell-quote.ts';
import { actUnit } from '../providers/update-agents/act-unit.ts';
import { updateAgentList } from '../providers/update-agents/index.ts';
import type { ActAnswer, ActOrder, ActSight } from '../providers/update-agents/update-agent.ts';

/** Upgrades of packages may take an hour on a slow disk. */
const lastingMs = 3_600_000;
const commandMs = 180_000;
const mostOutput = 65_536;

/** What is known where an agent is told something, and sudo's password where it asks for one. */
export interface ActAround extends ActSight {
  readonly password?: string | null;
  /** Hears of the command as it is about to run. */
  readonly onBegin?: (shown: string) => void;
}

/** What a host said when its agent was told something. */
export interface ActResult {
  readonly text: string;
  readonly command: string;
  readonly exitCode: number | null;
  readonly durationMs: number;
}

/** What it takes to tell a host's agent this, or why it cannot be told. Throws where the host has another agent now. */
export function orderOf(host: string, agent: UpdateAgentName, act: UpdateAct, sight: ActSight): ActAnswer {
  const known = updateAgentList.find(({ name }) => name === agent);
  if (!known || sight.update.agent !== agent)
    throw fail('stale', `its update agent is ${sight.update.agent} now, not ${agent}`, { host });
  if (sight.update.agentState === 'unreadable')
    throw sight.update.problem
      ? fail(sight.update.problem.code, `its agent cannot be read: ${sight.update.problem.message}`, { host })
      : fail('protocol', 'its agent cannot be read', { host });
  return known.order(act, sight);
}

/**
 * Tells a host's agent something and resolves with what the host said; what becomes of it is read by the host's `update`
 * section. Rejects with ProblemError where the agent cannot be told so, or says no. Commands end within an hour.
 */
export async function runAct(
  access: HostAccess,
  agent: UpdateAgentName,
  act: UpdateAct,
  around: ActAround,
): Promise<ActResult> {
  const { host } = access;
  const order = orderOf(host, agent, act, around);
  if ('why' in order)
    throw fail('refused', order.why, order.hint === undefined ? { host } : { host, hint: order.hint });
  if ('edit' in order) {
    throw fail('unsupported', `this is a change of ${order.path}`, { host, hint: 'Make it a staged change.' });
  }
  if (order.overBus) {
    const said = await overBus(access, order.overBus, around);
    if (said) return said;
  }
  return runCommands(access, order, around);
}

/** Makes the system before this one the next boot's, and holds the one that runs: it is not taken again until that is lifted. */
export function prepareRollBack(access: HostAccess, agent: UpdateAgentName, around: ActAround): Promise<ActResult> {
  return runAct(access, agent, { kind: 'roll-back' }, around);
}

/** Null where the bus cannot be used and the commands are to be tried. */
async function overBus(
  access: HostAccess,
  ask: NonNullable<ActOrder['overBus']>,
  { onBegin }: ActAround,
): Promise<ActResult | null> {
  const startedAt = performance.now();
  try {
    const command = 'asked over the bus';
    onBegin?.(command);
    const text = await ask(access);
    return { text, command, exitCode: 0, durationMs: performance.now() - startedAt };
  } catch (error) {
    const problem = toProblem(error);
    if (problem.code === 'lost' || problem.code === 'unreachable' || problem.code === 'internal') throw error;
    return null;
  }
}

async function runCommands(access: HostAccess, order: ActOrder, around: ActAround): Promise<ActResult> {
  const { host } = access;
  const elevation = await settleElevation(access, around.facts.elevation);
  const words = wordsOf(order);
  const command = shownOf(order, elevation).join('; ');
  around.onBegin?.(command);
  const elevated = elevate(host, words, elevation, around.password ?? null);
  const result = await access.exec(elevated.command, {
    timeoutMs: order.lasts ? lastingMs : commandMs,
    maxBytes: mostOutput,
    ...(elevated.stdin === null ? {} : { stdin: elevated.stdin }),
  });
  const said = lastWords(result);
  if (result.lost) {
    const goesOn = order.lasts ? `it goes on there as ${actUnit}` : 'whether it took effect is unknown';
    throw fail('lost', `the connection was lost before it ended; ${goesOn}`, { host });
  }
  const answer = result.exitCode === null ? undefined : order.answers?.[result.exitCode];
  if (result.exitCode !== 0 && answer === undefined) throw refusal(host, elevated.stdin !== null, result, said);
  return { text: answer ?? (said || 'done'), command, exitCode: result.exitCode, durationMs: result.durationMs };
}

/** The commands of an order as a person would type them, for plans and logs. */
export function shownOf(order: ActOrder, elevation: ActSight['facts']['elevation']): string[] {
  const before = elevation === 'root' ? '' : 'sudo ';
  const unit = order.lasts ? `${shownCommand(unitWords(), 'root')} ` : '';
  return order.commands.map(({ shown }) => `${before}${unit}${shown}`);
}

/** One command line for all of it: each but the last must end well. */
function wordsOf(order: ActOrder): string[] {
  const [only, ...more] = order.commands;
  const whole =
    only && more.length === 0
      ? only.words
      : ['/bin/sh', '-c', order.commands.map(({ words }) => commandLine(words)).join(' && ')];
  if (!order.lasts) return [...whole];
  // The unit's output is no pipe to here: one that nobody reads any more would end what runs. Its last words are in the journal.
  const name = `quarterdeck-${randomUUID()}`;
  const said = `command -v systemd-run >/dev/null 2>&1 || exec "$@"
${commandLine([...unitWords(), `--property=SyslogIdentifier=${name}`])} "$@"
code=$?
journalctl --sync 2>/dev/null
journalctl --quiet --no-pager --output=cat --lines=20 --identifier=${name} 2>/dev/null | head -c 8000
exit $code`;
  return ['/bin/sh', '-c', said, 'quarterdeck-act', ...whole];
}

function unitWords(): string[] {
  return ['systemd-run', '--quiet', '--collect', '--wait', `--unit=${actUnit}`];
}

function refusal(host: string, byPassword: boolean, { exitCode }: ExecResult, said: string) {
  if (byPassword && /incorrect password|try again|no password was provided/i.test(said))
    return fail('authentication', 'sudo did not accept the password', { host });
  if (/unit .* (?:already exists|was already loaded)/i.test(said))
    return fail('busy', 'another update is being put in place on this host', { host, hint: `It runs as ${actUnit}.` });
  return fail('refused', said || `exit code ${exitCode ?? 'unknown'}`, { host });
}

/** The end of what was said; of what failed, the complaints. */
function lastWords({ exitCode, stdout, stderr }: ExecResult): string {
  const lines = (bytes: Uint8Array) =>
    new TextDecoder()
      .decode(bytes)
      .split('\n')
      .map((line) => cleanLine(line, 300).trim())
      .filter((line) => line !== '');
  const complaints = lines(stderr);
  const rest = lines(stdout);
  return cleanLine(
    (complaints.length > 0 && (exitCode !== 0 || rest.length === 0) ? complaints : rest).slice(-3).join(' · '),
    600,
  );
}
