import type { Gate } from '#shared/contract/change.ts';
import { fail, toProblem } from '#shared/contract/problem.ts';
import { cleanLine } from '#shared/lib/clean-text.ts';
import type { Records } from '../fleet/records.ts';
import type { HostAccess } from '../hosts/host-access.ts';
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
const healthOrder = ['healthy', 'updating', 'unknown', 'attention', 'failing', 'unreachable'];

export async function readBaseline(access: HostAccess, records: Records): Promise<GateBaseline> {
  const health = records.get('host', access.host, 'health')?.state ?? 'unknown';
  return { system: await say(access, ['systemctl', 'is-system-running']), health };
}

async function say(access: HostAccess, words: readonly string[]): Promise<string> {
  const { stdout, lost } = await access.exec(commandLine(words), { timeoutMs: 15_000, maxBytes: 4096 });
  if (lost) throw fail('lost', 'the connection was lost while it was asked');
  return cleanLine(new TextDecoder().decode(stdout), 60).trim();
}

/** Asks one gate of a host; what cannot be asked is inconclusive. `sleep` waits, and ends early when the change is left. */
export async function askGate(
  gate: Gate,
  access: HostAccess,
  records: Records,
  before: GateBaseline,
  sleep: (ms: number) => Promise<void>,
): Promise<GateVerdict> {
  try {
    return await ask(gate, access, records, before, sleep);
  } catch (error) {
    return { verdict: 'inconclusive', gate: nameOf(gate), text: toProblem(error).message };
  }
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
    default:
      return gate satisfies never;
  }
}

async function ask(
  gate: Gate,
  access: HostAccess,
  records: Records,
  before: GateBaseline,
  sleep: (ms: number) => Promise<void>,
): Promise<GateVerdict> {
  const told = (good: boolean, text: string): GateVerdict => ({
    verdict: good ? 'pass' : 'fail',
    gate: nameOf(gate),
    text,
  });
  switch (gate.kind) {
    case 'unit-active': {
      const read = async () => {
        const shown = await say(access, ['systemctl', 'show', '-p', 'ActiveState', '-p', 'NRestarts', '--', gate.unit]);
        const active = /ActiveState=([a-z]+)/.exec(shown)?.[1] ?? 'unknown';
        const restarts = Number(/NRestarts=(\d+)/.exec(shown)?.[1] ?? 0);
        const again = restarts === 0 ? '' : `, started again ${restarts} times by systemd`;
        return { active: active === 'active', text: `${active}${again}` };
      };
      const first = await read();
      if (!first.active || gate.settleS === 0) return told(first.active, first.text);
      await sleep(gate.settleS * 1000);
      const last = await read();
      // A unit that systemd had to start again in between was not up.
      return told(last.active && last.text === first.text, last.text);
    }
    case 'system-running': {
      const now = await say(access, ['systemctl', 'is-system-running']);
      return told(noWorse(systemOrder, now, before.system), `${before.system || 'unknown'} before, ${now} now`);
    }
    case 'health': {
      const now = records.get('host', access.host, 'health')?.state ?? 'unknown';
      return told(noWorse(healthOrder, now, before.health), `${before.health} before, ${now} now`);
    }
    case 'command': {
      const result = await access.exec(gate.command, { timeoutMs: gate.timeoutS * 1000, maxBytes: 16_384, stdin: '' });
      if (result.lost) throw fail('lost', 'the connection was lost while the command ran');
      const said = cleanLine(new TextDecoder().decode(result.stderr) || new TextDecoder().decode(result.stdout), 500);
      return told(result.exitCode === 0, `exit ${result.exitCode ?? result.signal}${said ? `: ${said}` : ''}`);
    }
    case 'port': {
      // Every systemd host has bash or /dev/tcp's equal, ss; asked of the kernel, nothing is sent to the service.
      const listening = await say(access, ['ss', '-H', '-l', '-t', '-n', 'sport', '=', `:${gate.port}`]);
      return told(listening !== '', listening || 'nothing listens');
    }
    default:
      return gate satisfies never;
  }
}

function noWorse(order: readonly string[], now: string, before: string): boolean {
  const rank = (word: string) => {
    const at = order.indexOf(word);
    return at < 0 ? order.length : at;
  };
  return rank(now) <= rank(before);
}
