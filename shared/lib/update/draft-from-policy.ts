import type { ChangeDraft, ChangePart, WavePolicy } from '../../contract/change.ts';
import type { UpdatePolicy } from '../../contract/update-policy.ts';
import type { HostWork } from '../../contract/work.ts';
import type { HostRecord } from '../filter/fields.ts';
import { standingOf } from './behind.ts';
import { isConnected } from '../is-connected.ts';
import type { Offers } from './offers.ts';

type UpdateWork = Extract<HostWork, { kind: 'update' }>;

/** A roll-out as its policy makes it: who is taken along, who is there already, and who is left out, each with why. */
export interface RollOutDraft {
  /** Null where nobody is behind. */
  readonly draft: ChangeDraft | null;
  readonly there: readonly string[];
  readonly leftOut: readonly { readonly host: string; readonly why: string }[];
}

/** Narrower than the policy: only what leads to this version of this agent. */
export type OnlyTo = Pick<UpdateWork, 'agent' | 'to'>;

/** The change that brings a group's hosts to what its policy says, in the order of their names. */
export function draftFromPolicy(
  policy: UpdatePolicy,
  hosts: readonly (readonly [name: string, host: HostRecord])[],
  offers: Offers,
  only?: OnlyTo,
): RollOutDraft {
  const there: string[] = [];
  const leftOut: { host: string; why: string }[] = [];
  const parts = new Map<string, { work: UpdateWork; hosts: string[] }>();
  for (const [name, { link, update, maintenance }] of hosts.toSorted(([a], [b]) => a.localeCompare(b, 'en'))) {
    const standing = standingOf(update, policy.target, offers, policy.packages);
    if (standing.is === 'there') {
      there.push(name);
      continue;
    }
    if (standing.is === 'blocked' || !update || update.agent === 'none') {
      leftOut.push({ host: name, why: standing.is === 'blocked' ? standing.why : 'it has no update agent' });
      continue;
    }
    if (!isConnected(link)) {
      leftOut.push({ host: name, why: 'it is not connected' });
      continue;
    }
    if (maintenance) {
      leftOut.push({ host: name, why: `it is down on purpose: ${maintenance.reason}` });
      continue;
    }
    const work: UpdateWork = {
      kind: 'update',
      agent: update.agent,
      from: update.running || null,
      to: standing.to,
      ...(standing.to === null && policy.packages ? { only: policy.packages } : {}),
    };
    if (only && (only.agent !== work.agent || only.to !== work.to)) continue;
    const key = JSON.stringify(work);
    const part = parts.get(key) ?? { work, hosts: [] };
    part.hosts.push(name);
    parts.set(key, part);
  }
  const made = [...parts.values()].map(
    ({ work, hosts: its }): ChangePart => ({
      hosts: its,
      files: [],
      actions: [],
      validators: [],
      gates: policy.gates,
      work,
    }),
  );
  const draft = made.length === 0 ? null : { title: titleOf(policy, made), parts: made, policy: wavesOf(policy) };
  return { draft, there, leftOut };
}

/** How a roll-out of this policy goes over its hosts. */
export function wavesOf({ waves, spreadOver, soakS, failureBudget, reboot }: UpdatePolicy): WavePolicy {
  return {
    waves,
    spreadOver,
    maxUnavailable: reboot.atOnce,
    soakS,
    failureBudget,
    deadmanS: 90,
    confirmOver: 'new-connection',
    // Its windows have a zone and are those of the reboots.
    window: null,
    reboot,
  };
}

function whatOf(work: ChangePart['work']): string {
  if (work?.kind === 'update' && work.only) return 'its security updates';
  return (work?.kind === 'update' && work.to) || 'what is offered';
}

function titleOf({ group }: UpdatePolicy, parts: readonly ChangePart[]): string {
  const versions = [...new Set(parts.map(({ work }) => whatOf(work)))];
  const shown = versions.length > 2 ? `${versions.length} versions` : versions.join(' and ');
  return `Update ${group} to ${shown}`.slice(0, 200);
}
