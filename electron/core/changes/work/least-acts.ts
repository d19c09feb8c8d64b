import { fail } from '#shared/contract/problem.ts';
import type { UpdateAgentName } from '#shared/contract/update.ts';
import { cleanLine } from '#shared/lib/clean-text.ts';
import { elevate, settleElevation } from '../../actions/elevation.ts';
import type { ActionSurroundings } from '../../actions/unit-actions.ts';
import { readUpdate } from '../../providers/update-agents/read-update.ts';
import { scriptText } from '../../providers/update-agents/run-script.ts';
import type { WorkActs } from './work-acts.ts';

/** Update agents read anew, and update_engine told what a roll-out tells it; other agents cannot be told anything yet. */
export function leastActs(around: ActionSurroundings): WorkActs {
  async function asRoot(host: string, words: readonly string[], password: string | null): Promise<string> {
    const access = around.hosts.access(host);
    const known = around.records.get('host', host, 'facts')?.elevation ?? 'unknown';
    const { command, stdin } = elevate(host, words, await settleElevation(access, known), password);
    const result = await access.exec(command, { timeoutMs: 60_000, maxBytes: 16_384, stdin: stdin ?? '' });
    if (result.lost) throw fail('lost', 'the connection was lost while the update agent was told', { host });
    const text = (bytes: Uint8Array) => cleanLine(new TextDecoder().decode(bytes), 300).trim();
    if (result.exitCode !== 0)
      throw fail('invalid-input', text(result.stderr) || `exit ${result.exitCode ?? result.signal}`, { host });
    return text(result.stdout) || 'done';
  }
  function engineOnly(host: string, agent: UpdateAgentName): void {
    if (agent !== 'update-engine') throw fail('unsupported', `${agent} cannot be told this from here yet`, { host });
  }
  const next = (words: readonly string[]) => ['/bin/sh', '-c', scriptText('update-engine-next'), 'next', ...words];
  return {
    async read(host) {
      const facts = around.records.get('host', host, 'facts');
      if (!facts) throw fail('unreachable', 'nothing was read of this host yet', { host });
      const before = around.records.get('host', host, 'update');
      return (await readUpdate(around.hosts.access(host), facts, before, around.now)).update;
    },
    async runAct(host, agent, act, password) {
      engineOnly(host, agent);
      switch (act.kind) {
        case 'download':
          return asRoot(host, ['update_engine_client', '-check_for_update'], password);
        case 'reset':
          return asRoot(host, next(['this', '']), password);
        case 'hold':
          // It takes no single release: while one is held it asks for none.
          return asRoot(host, ['systemctl', 'mask', '--now', 'update-engine.service'], password);
        default:
          return act satisfies never;
      }
    },
    async prepareRollBack(host, agent, bootId, password) {
      engineOnly(host, agent);
      return asRoot(host, next(['before', bootId]), password);
    },
  };
}
