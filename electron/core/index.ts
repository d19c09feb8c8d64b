import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Preferences } from '#shared/contract/preferences.ts';
import { fail, toProblem } from '#shared/contract/problem.ts';
import type { Port } from '#shared/wire/port.ts';
import { openClusterStore } from './clusters/open-cluster-store.ts';
import { localActor } from './fleet/actor.ts';
import { OpenClusters } from './fleet/open-clusters.ts';
import { Records } from './fleet/records.ts';
import { startHosts } from './hosts/start-hosts.ts';
import type { Log } from './lib/log.ts';
import { Scope } from './lib/scope.ts';
import { toldVault, type Vault } from './lib/vault.ts';
import { SecretVeil } from './secrets/secret-veil.ts';
import { makeHandlers } from './session/handlers.ts';
import { Session } from './session/session.ts';
import { ActivityLog } from './storage/activity-log.ts';
import { KeptPreferences } from './storage/kept-preferences.ts';
import { SavedViews } from './storage/saved-views.ts';
import { keepServing, type ServeUpdates } from './update-service/keep-serving.ts';

/** Starts the embedded demo fleet; `clusterFile` is a cluster file like any other. */
export interface DemoFleet {
  readonly clusterFile: string;
  end(): Promise<void>;
}

/** The five things a shell supplies. */
export interface CoreOptions {
  /** Where the console keeps what it may lose only by the user's wish: activity log, saved views, preferences, maintenance marks. */
  readonly dataDir: string;
  /** The folder of cluster files, `$XDG_CONFIG_HOME/quarterdeck/clusters`. */
  readonly configDir: string;
  readonly vault: Vault;
  readonly log: Log;
  /** Null where the shell has no demo. */
  readonly startDemo: ((hosts: number) => Promise<DemoFleet>) | null;
}

/** The core behind its one door: each view is attached by a Port. */
export interface Core {
  attach(port: Port): void;
  /** What the person likes, for the first drawing of a window. */
  preferences(): Preferences;
  /** Starts the demo fleet and answers its cluster id, for `--demo`. */
  startDemo(hosts: number): Promise<string>;
  /** Answers machines that ask for updates; resolves to what they are to have as SERVER. Off unless it is called. */
  serveUpdates(wish: ServeUpdates): Promise<{ url: string }>;
  end(): Promise<void>;
}

/** The version that views are told. */
export const coreVersion = '0.1.0';

/** Starts the core: cluster files are read, nothing is connected until a view opens a cluster. */
export async function startCore(options: CoreOptions): Promise<Core> {
  const { dataDir, configDir, log } = options;
  const scope = new Scope('core');
  const now = Date.now;
  const actor = localActor();
  const activity = await ActivityLog.open(join(dataDir, 'activity.jsonl'));
  scope.add(() => activity.settled());
  const views = new SavedViews(join(dataDir, 'views.json'));
  // A broken views file must not keep the console from opening; it is told and left alone.
  await views.load().catch((error: unknown) => log.warn(toProblem(error).message));
  const preferences = new KeptPreferences(join(dataDir, 'preferences.json'));
  await preferences.load().catch((error: unknown) => log.warn(toProblem(error).message));
  scope.add(() => preferences.settled());
  const sshConfigFile = join(homedir(), '.ssh', 'config');
  const { store, imports } = await openClusterStore({ configDir, sshConfigFile, home: homedir(), log, scope });

  const app = new Records();
  const publishClusters = () =>
    app.publish(
      'app',
      '',
      'clusters',
      store.list().map(({ entry }) => entry),
    );
  const publishViews = () => app.publish('app', '', 'views', views.list());
  const publishPreferences = () => app.publish('app', '', 'preferences', preferences.get());
  app.publish('app', '', 'demo', { available: options.startDemo !== null, starting: false });
  app.publish('app', '', 'user', { name: actor.name });
  const publishVault = (names: string[]) =>
    void app.publish('app', '', 'vault', { available: options.vault.available, names });
  const vault = toldVault(options.vault, publishVault);
  publishVault(await vault.list());
  publishClusters();
  publishViews();
  publishPreferences();
  const publishActivity = () => app.publish('app', '', 'activity', { last: activity.last });
  publishActivity();
  activity.onAdded(publishActivity);

  const clusters = new OpenClusters(scope, store, dataDir, { startHosts, vault, log, activity, actor, now });
  const sessions = new Set<Session>();
  scope.add(
    store.onChange(() => {
      publishClusters();
      // First they leave what has no file any more: then it is ended.
      for (const session of sessions) session.clustersChanged();
      clusters.refresh();
    }),
  );
  await clusters.prepare();

  let demo: Promise<string> | null = null;
  const startDemo = (hosts: number): Promise<string> => {
    const start = options.startDemo;
    if (!start) return Promise.reject(fail('unsupported', 'this shell has no demo fleet'));
    demo ??= (async () => {
      app.publish('app', '', 'demo', { available: true, starting: true });
      try {
        const fleet = await start(hosts);
        scope.add(() => fleet.end());
        return await store.attach(fleet.clusterFile);
      } catch (error) {
        demo = null;
        throw error;
      } finally {
        app.publish('app', '', 'demo', { available: true, starting: false });
      }
    })();
    return demo;
  };

  const veil = new SecretVeil();
  const handlers = makeHandlers({
    store,
    veil,
    imports,
    activity,
    views,
    preferences,
    vault,
    actor,
    now,
    startDemo,
    publishViews: () => void publishViews(),
    publishPreferences: () => void publishPreferences(),
  });
  let sessionCount = 0;
  scope.add(async () => {
    for (const session of sessions) await session.end();
  });
  return {
    attach(port: Port) {
      const session = new Session(String(++sessionCount), port, {
        version: coreVersion,
        app,
        handlers,
        veil,
        log,
        now,
        has: (id) => store.get(id) !== null,
        join: (id) => clusters.join(id),
      });
      sessions.add(session);
      session.scope.add(() => void sessions.delete(session));
    },
    preferences: () => preferences.get(),
    startDemo,
    serveUpdates: (wish) => keepServing(wish, { store, clusters, scope, log }),
    end: () => scope.end(),
  };
}
