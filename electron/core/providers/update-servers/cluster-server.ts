import { isDeepStrictEqual } from 'node:util';
import type { ActionSurroundings } from '#core/actions/unit-actions.ts';
import type { UpdateServerSpec } from '#core/clusters/cluster-store.ts';
import type { Prompts } from '#core/fleet/prompts.ts';
import type { Log } from '#core/lib/log.ts';
import type { Scope } from '#core/lib/scope.ts';
import { fail, toProblem } from '#shared/contract/problem.ts';
import type { ServerEdit } from '#shared/contract/update-server.ts';
import { cleanLine } from '#shared/lib/clean-text.ts';
import { hostsByMachineId, placesOf, unheardHosts } from './join-hosts.ts';
import { findInstance } from './nebraska/find-instance.ts';
import { baseOf, planOf, prepareEdit } from './nebraska/plan-edit.ts';
import { readActivity, readInstances, readPackages } from './nebraska/read-lists.ts';
import { WatchedServer } from './watched-server.ts';

/** The update server of an open cluster: followed and told as a section, edited by a person's word. */
export class ClusterUpdateServer {
  readonly #around: ActionSurroundings;
  readonly #scope: Scope;
  readonly #log: Log;
  readonly #prompts: Prompts;
  #spec: UpdateServerSpec | null = null;
  #watched: { readonly server: WatchedServer; readonly scope: Scope } | null = null;
  #looked = false;

  constructor(parts: {
    readonly around: ActionSurroundings;
    readonly scope: Scope;
    readonly log: Log;
    readonly prompts: Prompts;
  }) {
    this.#around = parts.around;
    this.#scope = parts.scope;
    this.#log = parts.log;
    this.#prompts = parts.prompts;
  }

  /** The server of the cluster file, or null; the same one is left alone. */
  configure(spec: UpdateServerSpec | null): void {
    if (isDeepStrictEqual(spec, this.#spec)) return;
    this.#spec = spec;
    void this.#watched?.scope
      .end()
      .catch((error: unknown) => this.#log.warn('an update server was not left cleanly', { error: String(error) }));
    this.#watched = null;
    const { records, now } = this.#around;
    if (!spec) {
      records.drop('cluster', '', 'updateServer');
      return;
    }
    const scope = this.#scope.child('update server');
    const publish = (section: Parameters<typeof records.publish<'cluster', 'updateServer'>>[3]) => {
      if (!scope.ended) records.publish('cluster', '', 'updateServer', section);
    };
    this.#watched = { scope, server: new WatchedServer({ spec, scope, prompts: this.#prompts, now, publish }) };
    this.#watched.server.look(this.#looked);
  }

  /** Whether anybody sees the cluster: nobody's server is not asked. */
  look(looked: boolean): void {
    this.#looked = looked;
    this.#watched?.server.look(looked);
  }

  async refresh(): Promise<void> {
    await this.#server.refresh();
  }

  async instances(at: { readonly app: string; readonly group: string }, signal: AbortSignal) {
    const server = this.#server;
    const { records } = this.#around;
    const hosts = hostsByMachineId(records);
    const found = await server.ask(['instances', at], signal, (client) => readInstances(client, at, hosts));
    const heard = new Set(found.instances.flatMap(({ host }) => (host === null ? [] : [host])));
    const app = server.section.apps.find(({ id, productId }) => id === at.app || productId === at.app);
    const group = app?.groups.find(({ id }) => id === at.group);
    const channel = app?.channels.find(({ id }) => id === group?.channel) ?? null;
    // With a list that is cut, who is missing in it may well have been heard.
    const whole = found.total <= found.instances.length;
    const unheard = group && whole ? unheardHosts(records, server.section.url, { group, channel }, heard) : [];
    return { ...found, unheard };
  }

  /** What the server last heard of a host; null where the host's settings name another one, or it has not been read. */
  async host(host: string, signal: AbortSignal) {
    const server = this.#watched?.server;
    const { records, now } = this.#around;
    const asked = server && placesOf(records, server.section, host);
    if (!server || !asked) return null;
    const found = await server.ask(['host', host, asked], signal, (client) => findInstance(client, asked, host));
    return { url: server.section.url, ...found, readAt: now() };
  }

  async packages(app: string, signal: AbortSignal) {
    const server = this.#server;
    const known = server.section.apps.find(({ id, productId }) => id === app || productId === app);
    const channels = known?.channels ?? [];
    const ids = channels.map(({ id }) => id);
    const found = await server.ask(['packages', app], signal, (client) => readPackages(client, app, ids));
    return { ...found, channels };
  }

  activity(of: { readonly app: string | null; readonly group: string | null }, signal: AbortSignal) {
    const { records, now } = this.#around;
    const hosts = hostsByMachineId(records);
    return this.#server.ask(['activity', of], signal, (client) => readActivity(client, of, hosts, now()));
  }

  /** What an edit would send now. */
  plan(edit: ServerEdit, signal: AbortSignal) {
    return this.#server.ask(['plan', edit], signal, async (client) => planOf(client, await prepareEdit(client, edit)));
  }

  /** Sends an edit when the server still has what it was planned on, and writes down what was done or refused. */
  async write(edit: ServerEdit, base: string): Promise<void> {
    const server = this.#server;
    const startedAt = this.#around.now();
    let command = '';
    try {
      const lines = await server.inTime(async (client) => {
        const prepared = await prepareEdit(client, edit);
        const { request, body, lines } = planOf(client, prepared);
        if (baseOf(prepared) !== base)
          throw fail('stale', 'the update server has something else than you looked at', {
            hint: 'Nothing was written. Look at what it has now, then decide again.',
          });
        command = `${request} ${JSON.stringify(JSON.parse(body))}`;
        await prepared.send();
        return lines;
      });
      const told = lines.map(({ name, before, after }) => `${name}: ${before || 'none'} -> ${after}`);
      await this.#record(edit, startedAt, 'ok', told.join(', ') || 'nothing was another value', command);
    } catch (error) {
      const problem = toProblem(error);
      const refused = ['stale', 'refused', 'permission', 'authentication'].includes(problem.code);
      await this.#record(edit, startedAt, refused ? 'refused' : 'failed', problem.message, command);
      server.heard(error);
    } finally {
      void server.refresh();
    }
  }

  get #server(): WatchedServer {
    if (!this.#watched)
      throw fail('unsupported', 'the cluster file names no update server', {
        hint: 'Write "updates: {server: {kind: nebraska, url: https://nebraska.example.com}}" into it.',
      });
    return this.#watched.server;
  }

  async #record(
    edit: ServerEdit,
    at: number,
    outcome: 'ok' | 'refused' | 'failed',
    detail: string,
    command: string,
  ): Promise<void> {
    const { activity, actor, cluster, now } = this.#around;
    await activity.add({
      at,
      actor: actor.name,
      cluster,
      host: '',
      kind: 'update-server',
      what: `${whatOf(edit)} on ${this.#spec?.url ?? 'the update server'}`,
      command: cleanLine(command, 4000),
      exitCode: null,
      durationMs: now() - at,
      outcome,
      detail: cleanLine(detail, 4000),
    });
  }
}

function whatOf(edit: ServerEdit): string {
  switch (edit.verb) {
    case 'set-policy':
      return `set the policy of group ${edit.group}`;
    case 'promote':
      return `point channel ${edit.channel} at package ${edit.package}`;
    case 'add-channel':
      return `add channel ${edit.name}`;
    case 'add-package':
      return `add package ${edit.metadata.version}`;
    case 'set-alias':
      return `call instance ${edit.instance} "${edit.alias}"`;
    default:
      return edit satisfies never;
  }
}
