import type { clusterCalls } from '#shared/contract/cluster-calls.ts';
import { fail } from '#shared/contract/problem.ts';
import type { ClusterStore } from '../clusters/cluster-store.ts';
import type { ImportSources } from '../clusters/import-preview.ts';
import type { Actor } from '../fleet/actor.ts';
import { refuseRootOnSeveral } from '../fleet/protection.ts';
import type { Vault } from '../lib/vault.ts';
import type { SecretVeil } from '../secrets/secret-veil.ts';
import type { ActivityDraft, ActivityLog } from '../storage/activity-log.ts';
import type { KeptPreferences } from '../storage/kept-preferences.ts';
import type { SavedViews } from '../storage/saved-views.ts';
import type { Handlers } from './session.ts';

/** What the handlers of the console's own things work on. */
export interface ConsoleParts {
  readonly store: ClusterStore;
  readonly veil: SecretVeil;
  readonly imports: ImportSources;
  readonly activity: ActivityLog;
  readonly views: SavedViews;
  readonly preferences: KeptPreferences;
  readonly vault: Vault;
  readonly actor: Actor;
  readonly now: () => number;
  readonly startDemo: (hosts: number) => Promise<string>;
  readonly publishViews: () => void;
  readonly publishPreferences: () => void;
}

/** Cluster files, connections, and the console's own things: views, preferences, secrets, activity, questions to hosts. */
export function clusterHandlers(parts: ConsoleParts): Pick<Handlers, keyof typeof clusterCalls> {
  const { store, activity, views, vault, actor, now } = parts;
  const note = (entry: Pick<ActivityDraft, 'cluster' | 'host' | 'kind' | 'what'> & Partial<ActivityDraft>) =>
    activity.add({
      at: now(),
      actor: actor.name,
      command: '',
      exitCode: null,
      durationMs: null,
      outcome: 'ok',
      detail: '',
      ...entry,
    });
  return {
    'activity.list': async ({ text, before, limit, cluster }) => activity.list(text, before, limit, cluster),
    'activity.read': async ({ hash }) => ({ entry: activity.read(hash) }),
    'ask.output': async ({ run, group }, { cluster }) => cluster().asks.output(run, group),
    'clusters.read': ({ id }) => store.read(id),
    'clusters.check': ({ text }) => store.check(text),
    'import.preview': ({ format, text }) => parts.imports.preview(format, text),
    'clusters.create': async ({ id, text }) => {
      await store.create(id, text);
      await note({ cluster: id, host: '', kind: 'cluster-file', what: 'created the cluster file' });
      return { id };
    },
    'clusters.import': async ({ name, mode, hosts }) => {
      const id = await parts.imports.createCluster(name, mode, hosts);
      await note({ cluster: id, host: '', kind: 'cluster-file', what: `imported ${hosts.length} hosts` });
      return { id };
    },
    'clusters.save': async ({ id, text, version }) => {
      const next = await store.save(id, text, version);
      await note({ cluster: id, host: '', kind: 'cluster-file', what: 'edited the cluster file' });
      return { version: next };
    },
    'clusters.delete': async ({ id }) => {
      await store.delete(id);
      await note({ cluster: id, host: '', kind: 'cluster-file', what: 'deleted the cluster file' });
      return {};
    },
    'clusters.set-mode': async ({ id, mode }) => {
      await store.setMode(id, mode);
      await note({ cluster: id, host: '', kind: 'mode', what: `switched to ${mode} mode` });
      return {};
    },
    'clusters.set-thresholds': async ({ id, thresholds }) => {
      await store.setThresholds(id, thresholds);
      await note({ cluster: id, host: '', kind: 'cluster-file', what: 'changed health thresholds' });
      return {};
    },
    'keys.accept': async ({ keys }, { cluster }) => {
      const open = cluster();
      for (const { host, fingerprint } of keys) {
        if (open.keys.get(host)?.fingerprint !== fingerprint) {
          throw fail('stale', `${host} shows another key than the one you looked at`, {
            host,
            hint: 'Read the table again.',
          });
        }
      }
      const accepted = await open.hosts.acceptKeys(keys);
      for (const { host, fingerprint } of keys)
        await note({ cluster: open.id, host, kind: 'host-key', what: `accepted host key ${fingerprint}` });
      return { accepted };
    },
    'keys.refuse': async ({ hosts }, { cluster }) => {
      const open = cluster();
      open.hosts.refuseKeys(hosts);
      for (const host of hosts)
        await note({ cluster: open.id, host, kind: 'host-key', what: 'refused the host key', outcome: 'refused' });
      return {};
    },
    'prompt.answer': async ({ id, answers, remember }, { cluster }) => {
      await cluster().prompts.answer(id, answers, remember);
      return {};
    },
    'hosts.connect': async ({ hosts }, { cluster }) => {
      const open = cluster();
      await open.connect(hosts);
      for (const host of hosts) await note({ cluster: open.id, host, kind: 'connection', what: 'asked to connect' });
      return {};
    },
    'hosts.disable': async ({ hosts }, { cluster }) => {
      const open = cluster();
      await open.disable(hosts);
      for (const host of hosts)
        await note({ cluster: open.id, host, kind: 'connection', what: 'disabled the connection' });
      return {};
    },
    'hosts.maintenance': async ({ hosts, maintenance }, { cluster }) => {
      const open = cluster();
      if (maintenance && maintenance.until <= now())
        throw fail('invalid-input', 'the end lies in the past', { hint: 'Choose a time to come.' });
      await open.setMaintenance(hosts, maintenance ? { ...maintenance, by: actor.name, since: now() } : null);
      const what = maintenance
        ? `down on purpose until ${new Date(maintenance.until).toISOString()}: ${maintenance.reason}`
        : 'no longer down on purpose';
      for (const host of hosts) await note({ cluster: open.id, host, kind: 'maintenance', what });
      return {};
    },
    'views.save': async (view) => {
      await views.save(view);
      parts.publishViews();
      return {};
    },
    'views.delete': async ({ name }) => {
      await views.delete(name);
      parts.publishViews();
      return {};
    },
    'preferences.save': async (changes) => {
      const written = parts.preferences.change(changes);
      parts.publishPreferences();
      await written;
      return {};
    },
    'vault.forget': async ({ name }) => {
      if (!(await vault.list()).includes(name)) throw fail('not-found', 'this secret is not kept here any more');
      await vault.delete(name);
      await note({ cluster: '', host: '', kind: 'secrets', what: `forgot the kept ${name}` });
      return {};
    },
    'demo.start': async ({ hosts }) => ({ id: await parts.startDemo(hosts) }),
    'secrets.reveal': async ({ tokens, where }, { cluster }) => {
      const values = parts.veil.reveal(tokens);
      await note({
        cluster: cluster().id,
        host: '',
        kind: 'secrets',
        what: `looked at ${tokens.length} secrets in ${where}`,
      });
      return { values };
    },
    'ask.start': async (input, { cluster }) => {
      refuseRootOnSeveral(cluster(), input.hosts, input.elevate);
      return { run: await cluster().asks.start(input) };
    },
    'ask.cancel': async ({ run }, { cluster }) => {
      await cluster().asks.cancel(run);
      return {};
    },
  };
}
