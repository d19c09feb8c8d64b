import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unguarded } from './unguarded.ts';
import type { ActionSurroundings } from '#core/actions/unit-actions.ts';
import { sha256 } from '#core/changes/plan-hash.ts';
import { Records } from '#core/fleet/records.ts';
import type { ExecResult, HostAccess } from '#core/hosts/host-access.ts';
import { ActivityLog } from '#core/storage/activity-log.ts';
import type { ChangePlan, FileState } from '#shared/contract/change.ts';
import { fail } from '#shared/contract/problem.ts';

export interface SimulatedFile {
  readonly text: string;
  readonly mode: string;
  readonly uid: number;
  readonly gid: number;
}
/** What stands on each host, by path; what is not in it is absent. */
export type World = Map<string, Map<string, SimulatedFile>>;

/** A copy whose changes are its own. */
export const copyOf = (world: World): World => new Map([...world].map(([host, files]) => [host, new Map(files)]));

const stateOf = (file: SimulatedFile | undefined): FileState =>
  file ? { kind: 'file', hash: sha256(file.text), mode: file.mode, uid: file.uid, gid: file.gid } : { kind: 'absent' };

/** Does on one host what a plan says, as its program would; throws where the host is not as the plan says. */
export function applyOn(world: World, { steps, contents }: Pick<ChangePlan, 'steps' | 'contents'>, host: string): void {
  const files = world.get(host) ?? new Map<string, SimulatedFile>();
  for (const step of steps.filter(({ hosts }) => hosts.includes(host))) {
    for (const { path, before, after } of step.files) {
      if (JSON.stringify(stateOf(files.get(path))) !== JSON.stringify(before))
        throw new Error(`${host} ${path} is stale`);
      const text = after.kind === 'file' ? contents[after.hash] : '';
      if (text === undefined) throw new Error(`the plan lacks a text of ${path}`);
      if (after.kind === 'absent') files.delete(path);
      else files.set(path, { text, mode: after.mode, uid: after.uid, gid: after.gid });
    }
  }
}

/** A fleet whose hosts answer for their files, as far as planning asks them; paths have no blanks. */
export async function surroundingsOf(world: World): Promise<ActionSurroundings> {
  const records = new Records();
  for (const name of world.keys()) {
    records.publish('host', name, 'identity', { name, address: name, port: 22, user: 'core', jump: [], labels: {} });
    records.publish('host', name, 'link', {
      state: 'up',
      reason: '',
      since: 1,
      heardAt: 1,
      retryAt: null,
      attempts: 0,
      problem: null,
      sampler: 'sh',
      units: 'none',
      unitsReason: '',
      missed: null,
      connection: null,
    });
  }
  return {
    cluster: 'simulated',
    mode: () => 'operate',
    records,
    hosts: {
      access: (host) => accessTo(host, world.get(host) ?? new Map()),
      watchUnits: () => () => {},
    },
    // Planning writes nothing down.
    activity: await ActivityLog.open(join(tmpdir(), 'quarterdeck-no-activity.jsonl')),
    guard: unguarded,
    actor: { name: 'ada@desk' },
    now: () => 1_700_000_000_000,
    signal: new AbortController().signal,
  };
}

function accessTo(host: string, files: ReadonlyMap<string, SimulatedFile>): HostAccess {
  const refuse = () => Promise.reject(fail('unsupported', 'a simulated host does not do this', { host }));
  return {
    host,
    exec: (command) => Promise.resolve(answer(command, files)),
    follow: refuse,
    bus: refuse,
  };
}

function answer(command: string, files: ReadonlyMap<string, SimulatedFile>): ExecResult {
  const [, words] = command.split(' quarterdeck-files ');
  const paths = words?.split(' ').slice(1) ?? [];
  const lines = paths.map((path) => {
    const file = files.get(path);
    if (!file) return 'absent\n';
    const size = new TextEncoder().encode(file.text).length;
    return `file ${sha256(file.text)} ${file.mode} ${file.uid} ${file.gid} 1700000000 ${size} ?\n${file.text}\n`;
  });
  const said = words === undefined ? '' : `== quarterdeck files\n${lines.join('')}== end\n`;
  return {
    exitCode: 0,
    signal: null,
    stdout: new TextEncoder().encode(said),
    stderr: new Uint8Array(),
    truncated: false,
    lost: false,
    durationMs: 1,
  };
}
