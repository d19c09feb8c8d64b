import type { ChangeDraft, ChangeState } from '#shared/contract/change.ts';
import type { UpdatePolicy } from '#shared/contract/update-policy.ts';
import type { HostRecord } from '#shared/lib/filter/fields.ts';
import type { Offers } from '#shared/lib/update/offers.ts';
import { draftFromPolicy, type OnlyTo } from '#shared/lib/update/draft-from-policy.ts';
import { packageCover, packagesName } from './packages-set.ts';

/** A claim that is this old and began nothing was left by a console that went away. */
export const staleClaimMs = 600_000;

/** A roll-out that was begun, or is about to be, by a console itself: one for a version of an agent in a group, ever. */
export interface AutomaticRun {
  readonly agent: OnlyTo['agent'];
  /** Of packages a name for what waited on which hosts. */
  readonly to: string;
  /** Of packages: each host with what waited there, begun once. */
  readonly covers?: readonly string[];
  /** The change that it became. */
  readonly change: string;
  readonly by: string;
  /** Which console claimed it. */
  readonly console: string;
  readonly at: number;
  readonly started: boolean;
}

/** A change as far as it matters to whether another one may begin. */
export interface KnownChange {
  readonly id: string;
  readonly state: ChangeState;
  readonly needsApproval: boolean;
  readonly hosts: readonly { readonly host: string; readonly to: string | null }[];
}

/** Everything that is looked at. */
export interface AutomaticCase {
  readonly policy: UpdatePolicy;
  readonly hosts: readonly (readonly [name: string, host: HostRecord])[];
  /** What the hosts of the cluster are offered. */
  readonly offers: Offers;
  readonly changes: readonly KnownChange[];
  readonly runs: readonly AutomaticRun[];
  readonly isProtected: boolean;
  /** This console, as claims name it. */
  readonly console: string;
  readonly now: number;
}

/** What is to be done for a group now, with one sentence of what it waits for. */
export type AutomaticStep =
  | {
      readonly do: 'propose';
      readonly agent: OnlyTo['agent'];
      readonly to: string;
      readonly covers?: readonly string[];
      readonly draft: ChangeDraft;
      /** The claim that is taken over. */
      readonly over: AutomaticRun | null;
      readonly text: string;
    }
  | { readonly do: 'start'; readonly run: AutomaticRun; readonly text: string }
  | { readonly do: 'wait'; readonly text: string };

const underWay: ReadonlySet<ChangeState> = new Set(['running', 'paused', 'rolling-back']);
const endedBadly: Readonly<Partial<Record<ChangeState, string>>> = {
  paused: 'paused',
  stopped: 'was stopped',
  'rolling-back': 'is being rolled back',
  'rolled-back': 'was rolled back',
  'not-rolled-back': 'could not be rolled back',
};

/** Decides for one group: at most one roll-out for each version, never a second one of what went wrong, never two at once. */
export function nextStep(asked: AutomaticCase): AutomaticStep {
  const { policy, hosts, offers, changes, runs } = asked;
  if (!policy.automatic) return wait('It is rolled out by hand.');
  if (policy.paused) return wait(`Paused by ${policy.paused.by}: ${policy.paused.why}`);
  const names = new Set(hosts.map(([name]) => name));
  const touching = changes.filter((change) => change.hosts.some(({ host }) => names.has(host)));
  const busy = touching.find(({ state }) => underWay.has(state));
  if (busy) return wait(`The change ${busy.id} is ${busy.state.replace('-', ' ')} on its hosts.`);
  const pending = pendingRun(asked);
  if (pending) return pending;
  const { draft } = draftFromPolicy(policy, hosts, offers);
  if (!draft) return wait('No host is behind.');
  const refused: string[] = [];
  for (const { agent, to } of versionsOf(draft)) {
    const run = runs.find((one) => one.agent === agent && one.to === to) ?? null;
    const known = run && (changes.find(({ id }) => id === run.change) ?? null);
    // A claim of which nothing came is old by now: a fresh one was waited for above.
    if (run && (known !== null || run.started)) {
      refused.push(wasBegun(to, run, known));
      continue;
    }
    const bad = touching.find((change) => endedBadly[change.state] && change.hosts.some((host) => host.to === to));
    if (bad) {
      refused.push(`${to} ${endedBadly[bad.state]} by the change ${bad.id}: it is begun again by hand only.`);
      continue;
    }
    const narrowed = draftFromPolicy(policy, hosts, offers, { agent, to }).draft;
    if (!narrowed) continue;
    const locked = lockedHosts(narrowed, hosts);
    if (locked > 0) {
      refused.push(`${locked} of its hosts ask for a password before they obey, and nobody is there to type it.`);
      continue;
    }
    const title = `${narrowed.title} (automatic)`.slice(0, 200);
    return { do: 'propose', agent, to, draft: { ...narrowed, title }, over: run, text: `Proposes ${to}.` };
  }
  const packages = packagesStep(asked, draft);
  return packages.do === 'wait' && refused[0] !== undefined ? wait(refused[0]) : packages;
}

/** What was claimed and not begun yet: started by who claimed it, or by anybody once that console is gone. */
function pendingRun({ changes, runs, isProtected, console, now }: AutomaticCase): AutomaticStep | null {
  for (const run of runs) {
    if (run.started) continue;
    const known = changes.find(({ id }) => id === run.change);
    const isStale = now - run.at >= staleClaimMs;
    if (!known) {
      if (isStale) continue;
      return wait(`${run.by} proposes ${nameOf(run)}.`);
    }
    if (known.state !== 'planned') continue;
    if (isProtected && known.needsApproval)
      return wait(`The change ${run.change} to ${nameOf(run)} waits for a second person’s approval.`);
    if (run.console === console || isStale) return { do: 'start', run, text: `Starts the change ${run.change}.` };
    return wait(`${run.by} starts the change ${run.change}.`);
  }
  return null;
}

function wasBegun(to: string, run: AutomaticRun, known: KnownChange | null): string {
  const how = (known && endedBadly[known.state]) ?? null;
  if (how) return `${to} ${how} by the change ${run.change}: it is begun again by hand only.`;
  return `${to} was rolled out by the change ${run.change}; hosts that are behind since are taken along by hand.`;
}

/** The versions of a draft, those of most hosts first; packages have none. */
function versionsOf({ parts }: ChangeDraft): { agent: OnlyTo['agent']; to: string }[] {
  const counts = new Map<string, { agent: OnlyTo['agent']; to: string; hosts: number }>();
  for (const { work, hosts } of parts) {
    if (work?.kind !== 'update' || work.to === null) continue;
    const key = `${work.agent} ${work.to}`;
    const before = counts.get(key)?.hosts ?? 0;
    counts.set(key, { agent: work.agent, to: work.to, hosts: before + hosts.length });
  }
  return [...counts.values()].toSorted((a, b) => b.hosts - a.hosts || (a.to < b.to ? -1 : 1));
}

/** Packages have no version: what waits on a host is begun once, until anything else waits there. */
function packagesStep(asked: AutomaticCase, draft: ChangeDraft): AutomaticStep {
  const { policy, hosts, offers, changes, runs } = asked;
  const agents = new Map<OnlyTo['agent'], string[]>();
  for (const { work, hosts: its } of draft.parts)
    if (work?.kind === 'update' && work.to === null)
      agents.set(work.agent, [...(agents.get(work.agent) ?? []), ...its]);
  // A claim of which nothing came is old by now: a fresh one was waited for above.
  const begun = runs.filter((run) => run.started || changes.some(({ id }) => id === run.change));
  const covered = new Set(begun.flatMap(({ covers = [] }) => covers));
  let refused = 'No host is behind.';
  for (const [agent, its] of [...agents].toSorted(([, a], [, b]) => b.length - a.length)) {
    const names = new Set(its);
    const waiting = hosts.flatMap(([name, host]) => {
      const cover = names.has(name) ? packageCover(name, host, policy.packages) : null;
      return cover === null ? [] : { name, host, cover };
    });
    const fresh = waiting.filter(({ cover }) => !covered.has(cover));
    if (fresh.length === 0) {
      refused = wasTaken(
        waiting.map(({ cover }) => cover),
        begun,
        changes,
      );
      continue;
    }
    const those = fresh.map(({ name, host }) => [name, host] as const);
    const narrowed = draftFromPolicy(policy, those, offers, { agent, to: null }).draft;
    if (!narrowed) continue;
    const locked = lockedHosts(narrowed, hosts);
    if (locked > 0) {
      refused = `${locked} of its hosts ask for a password before they obey, and nobody is there to type it.`;
      continue;
    }
    const covers = fresh.map(({ cover }) => cover).toSorted();
    const to = packagesName(covers);
    const over = runs.find((run) => run.agent === agent && run.to === to) ?? null;
    const title = `${narrowed.title} (automatic)`.slice(0, 200);
    return { do: 'propose', agent, to, covers, draft: { ...narrowed, title }, over, text: 'Proposes what waits.' };
  }
  return wait(refused);
}

function wasTaken(covers: readonly string[], begun: readonly AutomaticRun[], changes: readonly KnownChange[]): string {
  const run = begun.find((one) => one.covers?.some((cover) => covers.includes(cover)));
  if (!run) return 'Which packages wait is not known well enough to begin: they are rolled out by hand.';
  const known = changes.find(({ id }) => id === run.change);
  const how = (known && endedBadly[known.state]) ?? 'was rolled out';
  return `What waits ${how} by the change ${run.change}: it is begun again by hand, or once something else waits.`;
}

function nameOf({ to, covers }: AutomaticRun): string {
  return covers ? 'the packages that wait' : to;
}

function lockedHosts({ parts }: ChangeDraft, hosts: AutomaticCase['hosts']): number {
  const named = new Set(parts.flatMap((part) => part.hosts));
  return hosts.filter(([name, { facts }]) => named.has(name) && facts?.elevation === 'sudo-password').length;
}

function wait(text: string): AutomaticStep {
  return { do: 'wait', text };
}
