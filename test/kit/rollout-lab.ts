import { afterAll, beforeAll, beforeEach, expect } from 'vitest';
import {
  type ChangeDraft,
  type ChangePlan,
  type ChangeVerb,
  defaultWaves,
  type Gate,
  type HostChange,
} from '#shared/contract/change.ts';
import { defaultReboots, type RebootPolicy } from '#shared/contract/reboot.ts';
import type { HostUpdate } from '#shared/contract/update.ts';
import type { HostWork, WorkProgress } from '#shared/contract/work.ts';
import { openScopes } from '#core/lib/scope.ts';
import { labCluster } from './cluster-text.ts';
import type { LabSystem } from './lab-env.ts';
import { labUnavailable, startLab, type Lab } from './lab.ts';
import { skipUnless } from './skip.ts';
import { startTestCore, type TestCore } from './test-core.ts';
import type { TestView } from './view.ts';

/** Where airlock keeps its reboot lock. */
export const lockKey = 'com.coreos.airlock/groups/default/v1/semaphore';
/** A whole roll-out over some hosts, on a machine that is busy with others. */
export const rollOutMs = 600_000;
const overMs = 360_000;

/** A boot by the host's own journal, with the times of its first and last words. */
export interface Boot {
  readonly id: string;
  readonly from: number;
  readonly to: number;
}

/** As quick as a lab goes, and waiting for nobody. */
export const labReboots: RebootPolicy = { ...defaultReboots, peopleWaitS: 0, updateTimeoutS: 60, bootTimeoutS: 90 };

/** A roll-out of this work: a canary, then all others, with one host down at a time. */
export function rollOutDraft(
  names: readonly string[],
  work: HostWork,
  gates: readonly Gate[] = [],
  more: Partial<RebootPolicy> = {},
): ChangeDraft {
  return {
    title: 'Roll out',
    parts: [{ hosts: [...names], files: [], actions: [], validators: [], gates: [...gates], work }],
    policy: {
      ...defaultWaves,
      waves: [{ size: 1, unit: 'hosts' }],
      soakS: 1,
      maxUnavailable: 4,
      reboot: { ...labReboots, ...more },
    },
  };
}

/** A lab under one console, with what roll-outs on it are made, driven and seen by. Ready once the tests of the file run. */
export interface RollOutLab {
  readonly lab: Lab;
  readonly view: TestView;
  readonly hosts: readonly string[];
  /** Has a view look at all hosts; resolves once each is there with its update agent. */
  readonly look: (from: TestView) => Promise<void>;
  /** Starts another console on the same cluster; whoever asks for it ends it. */
  readonly another: () => Promise<{ readonly core: TestCore; readonly view: TestView }>;
  /** From outside: root's own shell on the host, not Quarterdeck. */
  readonly root: (host: string, script: string) => Promise<string>;
  /** What each host runs, by its own os-release. */
  readonly versions: () => Promise<string[]>;
  readonly boots: () => Promise<Boot[][]>;
  /** How often each host booted since. */
  readonly grown: (before: readonly (readonly Boot[])[]) => Promise<number[]>;
  /** The one slot of the cluster's lock as airlock keeps it is taken by these from now on. */
  readonly holders: (...taken: string[]) => Promise<void>;
  readonly held: () => Promise<string>;
  readonly plan: (draft: ChangeDraft, from?: TestView) => Promise<ChangePlan>;
  /** Plans it and writes it down. */
  readonly proposed: (draft: ChangeDraft, from?: TestView) => Promise<ChangePlan>;
  /** The same of a plan that is made already. */
  readonly propose: (plan: ChangePlan, from?: TestView) => Promise<void>;
  /** Plans it, which must leave out nobody, and starts it; resolves with its id. */
  readonly begin: (draft: ChangeDraft) => Promise<string>;
  readonly act: (id: string, verb: ChangeVerb, from?: TestView) => Promise<unknown>;
  readonly over: (id: string, state: string, from?: TestView) => Promise<{ readonly text: string }>;
  readonly hostOf: (id: string, host: string) => Omit<HostChange, 'evidence'> | undefined;
  /** `node1 done`, in the order of the hosts. */
  readonly states: (id: string) => string[];
  /** Resolves once the work of a host fits. */
  readonly phase: (id: string, host: string, fits: (work: WorkProgress) => boolean) => Promise<unknown>;
  /** `step: text`, in order. */
  readonly evidence: (id: string, host: string) => Promise<string[]>;
}

/** Boots a lab before the tests of this file, and ends it after them; without one they are skipped. */
export function useRollOutLab(systems: readonly LabSystem[], prepare?: (lab: Lab) => Promise<void>): RollOutLab {
  const reason = labUnavailable();
  const hosts = systems.map((_, at) => `node${at + 1}`);
  let lab: Lab;
  let core: TestCore;
  let view: TestView;

  beforeAll(async () => {
    if (reason) return;
    lab = await startLab({ systems });
    // As on a host where somebody has used sudo: looking leaves nothing there then.
    for (const name of hosts) await root(name, 'touch /home/core/.sudo_as_admin_successful');
    await holders();
    await prepare?.(lab);
    core = await startTestCore({ clusters: { lab: labCluster(lab) } });
    view = core.view('lab');
    await look(view);
  });
  afterAll(async () => {
    await core?.end();
    await lab?.end();
    expect(openScopes()).toEqual([]);
  });
  beforeEach(() => skipUnless(reason === null, reason ?? ''));

  async function look(from: TestView): Promise<void> {
    from.link.look({ hosts: [...hosts], focus: null, hidden: false });
    for (const name of hosts) {
      await from.until('host', name, 'link', ({ state }) => state === 'up', 120_000);
      await from.until('host', name, 'facts', ({ elevation }) => elevation === 'sudo', 120_000);
      // Packages are read whether anything brings them by itself or not.
      const isRead = ({ agentState, pending }: HostUpdate) => agentState === 'running' || pending !== null;
      await from.until('host', name, 'update', isRead, 120_000);
    }
  }
  const root = async (host: string, script: string) => (await lab.exec(host, ['sh', '-c', script])).stdout.trim();
  async function holders(...taken: string[]): Promise<void> {
    await lab.etcdctl('node1', 'put', lockKey, JSON.stringify({ total_slots: 1, holders: taken }));
  }
  async function bootsOf(name: string): Promise<Boot[]> {
    const rows = JSON.parse(await root(name, 'journalctl --list-boots -q --no-pager -o json')) as {
      boot_id: string;
      first_entry: number;
      last_entry: number;
    }[];
    return rows.map((row) => ({ id: row.boot_id, from: row.first_entry / 1000, to: row.last_entry / 1000 }));
  }
  const boots = () => Promise.all(hosts.map(bootsOf));
  const plan = (draft: ChangeDraft, from = view) => from.link.call('change.plan', { draft, password: null });
  async function propose(made: ChangePlan, from = view): Promise<void> {
    await from.link.call('change.propose', { plan: made });
    await from.until('change', made.id, 'progress', ({ state }) => state === 'planned');
  }
  const act = (id: string, verb: ChangeVerb, from = view) =>
    from.link.call('change.act', { id, verb, host: null, password: null });

  return {
    get lab() {
      return lab;
    },
    get view() {
      return view;
    },
    hosts,
    look,
    async another() {
      const other = await startTestCore({ clusters: { lab: labCluster(lab) } });
      const its = other.view('lab');
      await look(its);
      return { core: other, view: its };
    },
    root,
    versions: () =>
      Promise.all(hosts.map((name) => root(name, '. /etc/os-release; echo ${OSTREE_VERSION:-$VERSION_ID}'))),
    boots,
    grown: async (before) => (await boots()).map((now, at) => now.length - (before[at]?.length ?? 0)),
    holders,
    held: async () => (await lab.etcdctl('node1', 'get', '--print-value-only', lockKey)).stdout.trim(),
    plan,
    propose,
    async proposed(draft, from = view) {
      const made = await plan(draft, from);
      await propose(made, from);
      return made;
    },
    async begin(draft) {
      const made = await plan(draft);
      expect(made.leftOut).toEqual([]);
      await propose(made);
      await act(made.id, 'start');
      return made.id;
    },
    act,
    over: (id, state, from = view) =>
      from.until('change', id, 'progress', (progress) => progress.state === state, overMs),
    hostOf: (id, host) => view.record('change', id)?.hosts?.find((one) => one.host === host),
    states: (id) => view.record('change', id)?.hosts?.map(({ host, state }) => `${host} ${state}`) ?? [],
    phase: (id, host, fits) =>
      view.until(
        'change',
        id,
        'hosts',
        (all) => all.some(({ host: name, work }) => name === host && work && fits(work)),
        120_000,
      ),
    evidence: async (id, host) =>
      (await view.link.call('change.host', { id, host })).evidence.map(({ step, text }) => `${step}: ${text}`),
  };
}
