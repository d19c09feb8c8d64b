import type { Gate } from '#shared/contract/change.ts';
import { fail, toProblem } from '#shared/contract/problem.ts';
import { cleanLine } from '#shared/lib/clean-text.ts';
import { askHealth } from './health-gate.ts';
import { askNewInBoot } from './new-in-boot-gate.ts';
import { askPort } from './port-gate.ts';
import type { Records } from '../fleet/records.ts';
import type { HostAccess } from '../hosts/host-access.ts';
import type { Elevated } from '../actions/elevation.ts';
import { commandLine } from '../lib/shell-quote.ts';

/** What gates compare with, read before a host is touched. */
export interface GateBaseline {
  /** `systemctl is-system-running`; empty when it could not be read. */
  readonly system: string;
  readonly health: string;
}

export interface GateVerdict {
  readonly verdict: 'pass' | 'fail' | 'inconclusive';
  readonly gate: string;
  /** What was seen. */
  readonly text: string;
  /** True where the host could not be reached to be asked, which says nothing of how it fares: ask again when it can. */
  readonly cutOff?: boolean;
}

const systemOrder = [
  'running',
  'starting',
  'initializing',
  'degraded',
  'maintenance',
  'stopping',
  'offline',
  'unknown',
];

export async function readBaseline(access: HostAccess, records: Records): Promise<GateBaseline> {
  const health = records.get('host', access.host, 'health')?.state ?? 'unknown';
  return { system: await say(access, ['systemctl', 'is-system-running']), health };
}

async function say(access: HostAccess, words: readonly string[]): Promise<string> {
  const { stdout, lost } = await access.exec(commandLine(words), { timeoutMs: 15_000, maxBytes: 4096 });
  if (lost) throw fail('lost', 'the connection was lost while it was asked');
  return cleanLine(new TextDecoder().decode(stdout), 60).trim();
}

/** What a gate is asked of, and what it is asked with. */
export interface GateHost {
  readonly access: HostAccess;
  readonly records: Records;
  readonly now: () => number;
  /** Waits, and ends early when the change is left. */
  readonly sleep: (ms: number) => Promise<void>;
  /** Has the host read often, until the function that it answers is called. */
  readonly watch: (host: string) => () => void;
  /** A command as whoever made the change: with root's rights. */
  readonly asRoot: (words: readonly string[]) => Elevated;
}

/** What came out, without the gate's name. */
export type GateAsked = Omit<GateVerdict, 'gate'>;

/** Asks one gate of a host; what cannot be asked is inconclusive. */
export async function askGate(gate: Gate, host: GateHost, before: GateBaseline): Promise<GateVerdict> {
  try {
    return { gate: nameOf(gate), ...(await ask(gate, host, before)) };
  } catch (error) {
    return notAsked(gate, error);
  }
}

/** What is told of a gate that could not be asked. */
export function notAsked(gate: Gate, error: unknown): GateVerdict {
  const { code, message } = toProblem(error);
  return {
    verdict: 'inconclusive',
    gate: nameOf(gate),
    text: message,
    cutOff: code === 'lost' || code === 'unreachable',
  };
}

/** A gate in a few words. */
export function nameOf(gate: Gate): string {
  switch (gate.kind) {
    case 'unit-active':
      return `${gate.unit} active${gate.settleS > 0 ? ` for ${gate.settleS} s` : ''}`;
    case 'system-running':
      return 'system no worse than before';
    case 'health':
      return 'health no worse than before';
    case 'command':
      return `command ${gate.command}`;
    case 'port':
      return `port ${gate.port} answers`;
    case 'new-in-boot':
      return 'what is new in this boot';
    default:
      return gate satisfies never;
  }
}

async function ask(gate: Gate, host: GateHost, before: GateBaseline): Promise<GateAsked> {
  const { access } = host;
  const told = (good: boolean, text: string): GateAsked => ({ verdict: good ? 'pass' : 'fail', text });
  switch (gate.kind) {
    case 'unit-active': {
      const first = await readUnit(access, gate.unit);
      if (!first.good || gate.settleS === 0) return told(first.good, first.text);
      await host.sleep(gate.settleS * 1000);
      const last = await readUnit(access, gate.unit);
      // A unit that systemd had to start again in between was not up.
      return told(last.good && last.restarts === first.restarts, last.text);
    }
    case 'system-running': {
      const now = await say(access, ['systemctl', 'is-system-running']);
      if (now === '') return { verdict: 'inconclusive', text: 'the host does not say how it is' };
      return told(noWorse(systemOrder, now, before.system), `${before.system || 'unknown'} before, ${now} now`);
    }
    case 'health':
      return askHealth(before.health, host);
    case 'command': {
      const { command, stdin } = host.asRoot(['timeout', String(gate.timeoutS), '/bin/sh', '-c', gate.command]);
      const result = await access.exec(command, {
        timeoutMs: (gate.timeoutS + 10) * 1000,
        maxBytes: 16_384,
        stdin: stdin ?? '',
      });
      if (result.lost) throw fail('lost', 'the connection was lost while the command ran');
      const said = cleanLine(new TextDecoder().decode(result.stderr) || new TextDecoder().decode(result.stdout), 500);
      if (result.exitCode === timedOut)
        return { verdict: 'inconclusive', text: `no answer within ${gate.timeoutS} s${said ? `: ${said}` : ''}` };
      return told(result.exitCode === 0, `exit ${result.exitCode ?? result.signal}${said ? `: ${said}` : ''}`);
    }
    case 'port':
      return askPort(gate.port, host);
    case 'new-in-boot':
      return askNewInBoot(gate.most, host);
    default:
      return gate satisfies never;
  }
}

/** What timeout(1) exits with. */
const timedOut = 124;

async function readUnit(
  access: HostAccess,
  unit: string,
): Promise<{ readonly good: boolean; readonly restarts: number; readonly text: string }> {
  const read = ['ActiveState', 'NRestarts', 'Type', 'Result', 'LoadState'].flatMap((name) => ['-p', name]);
  const { stdout, lost } = await access.exec(commandLine(['systemctl', 'show', ...read, '--', unit]), {
    timeoutMs: 15_000,
    maxBytes: 4096,
  });
  if (lost) throw fail('lost', 'the connection was lost while it was asked');
  const shown = new TextDecoder().decode(stdout);
  const value = (name: string) => new RegExp(`^${name}=(.*)$`, 'm').exec(shown)?.[1]?.trim() ?? '';
  const active = value('ActiveState');
  if (active === '') throw fail('protocol', `systemctl does not tell of ${unit}`);
  const restarts = Number(value('NRestarts') || 0);
  const again = restarts === 0 ? '' : `, ${startedAgain} ${restarts} times by systemd`;
  // One that does its work and ends is as it should be when that went well.
  const ended = active === 'inactive' && value('Type') === 'oneshot' && value('Result') === 'success';
  const there = value('LoadState') === 'loaded';
  return { good: active === 'active' || (ended && there), restarts, text: `${ended ? 'ended well' : active}${again}` };
}

const startedAgain = 'started again';

/** How often systemd had to start a unit again, by what the gate told of it. */
export function startsAgain(text: string): number {
  return Number(new RegExp(`, ${startedAgain} (\\d{1,9}) times by systemd$`).exec(text)?.[1] ?? 0);
}

function noWorse(order: readonly string[], now: string, before: string): boolean {
  const rank = (word: string) => {
    const at = order.indexOf(word);
    return at < 0 ? order.length : at;
  };
  return rank(now) <= rank(before);
}
