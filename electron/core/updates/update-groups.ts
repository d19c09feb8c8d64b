import { fail, type Problem } from '#shared/contract/problem.ts';
import type { FirstSeen, GroupSaving, UpdatePolicy } from '#shared/contract/update-policy.ts';
import { policyFaults } from '#shared/lib/update/check-policy.ts';
import { groupsBy, inOrder } from '#shared/lib/update/groups-of.ts';
import { policyInWords } from '#shared/lib/update/policy-in-words.ts';
import type { ActionSurroundings } from '../actions/unit-actions.ts';
import type { JournalStore } from '../changes/journal-store.ts';
import type { Scope } from '../lib/scope.ts';
import { groupPrefix, HeardGroups, type KeptGroup, mostGroups, removeGroup, saveGroups } from './group-store.ts';

const assignEveryMs = 2000;
/** What of a host decides which group it is in. */
const deciding: ReadonlySet<string> = new Set(['identity', 'facts', 'link', 'health', 'units', 'update']);

/** The update groups of one cluster: kept where changes are, told with the hosts that are in them. */
export class UpdateGroups {
  readonly #around: ActionSurroundings;
  readonly #prefix: (store: JournalStore) => string;
  readonly #heard = new HeardGroups();
  readonly #automatic = new Map<string, string>();
  #firstSeen: readonly FirstSeen[] = [];
  #groupOf: ReturnType<typeof groupsBy> = () => null;
  #store: JournalStore | null = null;
  #stopWatching = () => {};
  #trouble: Problem | null = null;
  #read = false;
  #moved = true;

  /** `root` is what the keys of etcd begin with, for a person to read. */
  constructor(around: ActionSurroundings, scope: Scope, root: string) {
    this.#around = around;
    this.#prefix = ({ kind }) => (kind === 'etcd' ? root + groupPrefix : groupPrefix);
    scope.add(
      around.records.onChange(([kind, , section]) => {
        if (kind === 'host' && deciding.has(section)) this.#moved = true;
      }),
    );
    scope.add(() => this.#stopWatching());
    scope.every(assignEveryMs, () => {
      if (this.#moved) this.#publish();
    });
  }

  /** Which store is used from now on; null with the reason while there is none to be had. */
  use(store: JournalStore | null, problem: Problem | null): void {
    this.#stopWatching();
    this.#stopWatching = () => {};
    this.#store = store;
    this.#trouble = problem;
    this.#heard.take({ reset: true, revision: 0, changed: [], gone: [] });
    this.#automatic.clear();
    this.#read = false;
    this.#compile();
    if (!store) return;
    this.#stopWatching = store.watch(
      groupPrefix,
      (news) => {
        this.#heard.take(news);
        this.#read = true;
        this.#compile();
      },
      (trouble) => {
        this.#trouble = trouble;
        this.#publish();
      },
    );
  }

  /** Whether they are known as they are now: nothing is begun by what may be old. */
  get current(): boolean {
    return this.#read && this.#trouble === null;
  }

  /** Groups in their order. */
  list(): KeptGroup[] {
    const kept = [...this.#heard.groups.values()];
    const byGroup = new Map(kept.map((group) => [group.policy.group, group]));
    return inOrder(kept.map(({ policy }) => policy)).flatMap(({ group }) => byGroup.get(group) ?? []);
  }

  /** The group of a host; null for none. */
  groupOf(host: string): string | null {
    const record = this.#around.records.record('host', host);
    return record ? this.#groupOf(record, this.#around.now()) : null;
  }

  /** What automatic roll-outs of a group do or wait for. */
  tellAutomatic(group: string, text: string | null): void {
    if ((this.#automatic.get(group) ?? null) === text) return;
    if (text === null) this.#automatic.delete(group);
    else this.#automatic.set(group, text);
    this.#moved = true;
  }

  tellFirstSeen(seen: readonly FirstSeen[]): void {
    this.#firstSeen = seen;
    this.#moved = true;
  }

  async save(savings: readonly GroupSaving[]): Promise<number> {
    for (const { policy } of savings) {
      const [fault] = policyFaults(policy);
      if (fault) throw fail('invalid-input', `${policy.group}, ${fault.field}: ${fault.message}`);
    }
    if (new Set(savings.map(({ policy }) => policy.group)).size !== savings.length)
      throw fail('invalid-input', 'a group is named twice');
    const added = savings.filter(({ base }) => base === null).length;
    if (this.#heard.groups.size + added > mostGroups)
      throw fail('refused', `a cluster has at most ${mostGroups} groups`);
    return this.#write(
      savings.map(({ policy }) => `saved the update group ${policy.group}: ${policyInWords(policy)}`),
      savings,
    );
  }

  async remove(group: string, base: number): Promise<void> {
    await removeGroup(this.#need(), group, base);
    await this.#note(`removed the update group ${group}`, `revision ${base}`);
  }

  async pause(group: string, base: number, why: string): Promise<void> {
    const { actor, now } = this.#around;
    const paused = { by: actor.name, at: now(), why };
    await this.#write([`paused the update group ${group}: ${why}`], this.#edited(group, base, { paused }));
  }

  async resume(group: string, base: number): Promise<void> {
    await this.#write([`resumed the update group ${group}`], this.#edited(group, base, { paused: null }));
  }

  #edited(group: string, base: number, change: Partial<UpdatePolicy>): GroupSaving[] {
    const kept = this.#heard.groups.get(group);
    if (!kept) throw fail('not-found', `there is no update group ${group}`);
    return [{ policy: { ...kept.policy, ...change }, base }];
  }

  async #write(what: readonly string[], savings: readonly GroupSaving[]): Promise<number> {
    const { actor, now } = this.#around;
    const revision = await saveGroups(this.#need(), savings, actor.name, now());
    for (const text of what) await this.#note(text, `revision ${revision}`);
    return revision;
  }

  async #note(what: string, detail: string): Promise<void> {
    const { activity, actor, cluster, now } = this.#around;
    await activity.add({
      at: now(),
      actor: actor.name,
      cluster,
      host: '',
      kind: 'update',
      what,
      command: '',
      exitCode: null,
      durationMs: null,
      outcome: 'ok',
      detail,
    });
  }

  #compile(): void {
    this.#groupOf = groupsBy(this.list().map(({ policy }) => policy));
    this.#publish();
  }

  #publish(): void {
    // Before the first word of the store nobody knows whether there are any.
    if (this.#store && !this.#read && !this.#trouble) return;
    this.#moved = false;
    const { records } = this.#around;
    const hosts = new Map<string, string[]>();
    for (const name of records.ids('host')) {
      const group = this.groupOf(name);
      if (group === null) continue;
      const its = hosts.get(group) ?? [];
      its.push(name);
      hosts.set(group, its);
    }
    const [broken] = this.#heard.broken.values();
    const prefix = this.#store ? this.#prefix(this.#store) : '';
    records.publish('cluster', '', 'updateGroups', {
      kind: this.#store?.kind ?? 'local',
      problem: this.#trouble ?? broken ?? null,
      groups: this.list().map(({ policy, revision, by, at }) => ({
        policy,
        revision,
        by,
        at,
        key: prefix + policy.group,
        hosts: hosts.get(policy.group) ?? [],
        automatic: policy.automatic ? (this.#automatic.get(policy.group) ?? null) : null,
      })),
      firstSeen: [...this.#firstSeen],
    });
  }

  #need(): JournalStore {
    if (this.#store) return this.#store;
    throw fail('unreachable', 'the place where update groups are kept cannot be reached', {
      hint: this.#trouble?.message ?? 'Try again in a moment.',
    });
  }
}
