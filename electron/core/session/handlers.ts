import { fail } from '#shared/contract/problem.ts';
import { readRelease } from '#shared/formats/flatcar-release/read-release.ts';
import { planUnitAction } from '../actions/plan-unit-action.ts';
import { startUnitAction } from '../actions/unit-actions.ts';
import type { ClusterStore } from '../clusters/cluster-store.ts';
import type { ImportSources } from '../clusters/import-preview.ts';
import { refuseRootOnSeveral, refuseSeveral } from '../fleet/protection.ts';
import type { Actor } from '../fleet/actor.ts';
import type { Vault } from '../lib/vault.ts';
import { readUnitDetail } from '../probes/units/read-unit-detail.ts';
import { readUnitOverHosts } from '../probes/units/read-unit-over-hosts.ts';
import { possibleActs } from '../updates/possible-acts.ts';
import { planUpdateAct } from '../updates/plan-update-act.ts';
import { startUpdateAct } from '../updates/update-acts.ts';
import type { SecretVeil } from '../secrets/secret-veil.ts';
import type { ActivityDraft, ActivityLog } from '../storage/activity-log.ts';
import type { KeptPreferences } from '../storage/kept-preferences.ts';
import type { SavedViews } from '../storage/saved-views.ts';
import { readReleaseFolder } from '../update-service/read-release-folder.ts';
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

/** Every call's handler, one line of meaning each; the wall for `change` calls is in the session. */
export function makeHandlers(parts: ConsoleParts): Handlers {
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
    'host.unit': async ({ host, unit }, { cluster }) => readUnitDetail(cluster().hosts.access(host), unit),
    'unit.find': async ({ text, most }, { cluster }) => {
      const found = await cluster().hosts.findUnits(text, most);
      const units = found.map(({ hosts, ...unit }) => ({ ...unit, hosts: hosts.length, first: hosts[0] ?? '' }));
      return { units };
    },
    'unit.counts': ({ type }, { cluster }) => cluster().hosts.countUnits(type),
    'unit.hosts': ({ unit }, { cluster }) => cluster().hosts.hostsOfUnit(unit),
    'unit.files': ({ unit, hosts }, { cluster, signal }) =>
      readUnitOverHosts((host) => cluster().hosts.access(host), hosts, unit, signal),
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
    'document.read': ({ name, revision }, { cluster }) => cluster().documents.read(name, revision),
    'document.revisions': ({ name }, { cluster }) => cluster().documents.revisions(name),
    'document.render': async ({ document, host }, { cluster }) => cluster().documents.render(document, host),
    'document.check': async ({ names, password }, { cluster }) => {
      await cluster().documents.drift.check(names, password);
      return {};
    },
    'document.drift': ({ name, host, password }, { cluster }) => cluster().documents.drift.texts(name, host, password),
    'document.correct': ({ names, hosts }, { cluster }) => cluster().documents.drift.correct(names, hosts),
    'document.adopt': ({ name, host, paths, password }, { cluster }) =>
      cluster().documents.drift.adopt(name, host, paths, password),
    'host.layers': ({ host, password }, { cluster }) => cluster().documents.drift.layers.read(host, password),
    'host.layer': ({ host, path, password }, { cluster }) =>
      cluster().documents.drift.layers.text(host, path, password),
    'host.correct': ({ host, paths, password }, { cluster }) =>
      cluster().documents.drift.layers.correct(host, paths, password),
    'host.adopt': ({ host, path, password }, { cluster }) =>
      cluster().documents.drift.layers.adopt(host, path, password),
    'document.export': async ({ names, host, format }, { cluster }) => cluster().documents.export(names, host, format),
    'document.save': ({ document, base, message }, { cluster }) => cluster().documents.save(document, base, message),
    'document.remove': async ({ name, base, message }, { cluster }) => {
      await cluster().documents.remove(name, base, message);
      return {};
    },
    'change.compare': ({ hosts, path, password }, { cluster }) => cluster().changes.compare(hosts, path, password),
    'change.plan': ({ draft, password }, { cluster }) => cluster().changes.plan(draft, password),
    'change.read': ({ id }, { cluster }) => cluster().changes.read(id),
    'change.host': ({ id, host }, { cluster }) => cluster().changes.host(id, host),
    'change.plan-undo': ({ id, password }, { cluster }) => cluster().changes.planUndo(id, password),
    'change.archived': ({ id }, { cluster }) => cluster().changes.archived(id),
    'change.history': ({ path }, { cluster }) => cluster().changes.history(path),
    'change.propose': async ({ plan }, { cluster }) => {
      await cluster().changes.propose(plan);
      return {};
    },
    'change.approve': async ({ id, hash }, { cluster }) => {
      await cluster().changes.approve(id, hash);
      return {};
    },
    'change.act': async ({ id, verb, host, password }, { cluster }) => {
      await cluster().changes.act(id, verb, host, password);
      return {};
    },

    'server.instances': (at, { cluster, signal }) => cluster().updateServer.instances(at, signal),
    'server.host': async ({ host }, { cluster, signal }) => ({ seen: await cluster().updateServer.host(host, signal) }),
    'server.packages': ({ app }, { cluster, signal }) => cluster().updateServer.packages(app, signal),
    'server.activity': (of, { cluster, signal }) => cluster().updateServer.activity(of, signal),
    'server.plan': ({ edit }, { cluster, signal }) => cluster().updateServer.plan(edit, signal),
    'server.refresh': async (_, { cluster }) => {
      await cluster().updateServer.refresh();
      return {};
    },
    'server.write': async ({ edit, base }, { cluster }) => {
      await cluster().updateServer.write(edit, base);
      return {};
    },
    'locks.plan': ({ kind, group, edit }, { cluster }) => cluster().locks.plan(kind, group, edit),
    'locks.clear': async ({ kind, group, revision, holder }, { cluster }) => {
      await cluster().locks.edit(kind, group, { verb: 'clear', holder }, revision);
      return {};
    },
    'locks.set-max': async ({ kind, group, revision, max }, { cluster }) => {
      await cluster().locks.edit(kind, group, { verb: 'set-max', max }, revision);
      return {};
    },

    'hosts.plan-reboot': ({ hosts, options }, { cluster }) => {
      refuseSeveral(cluster(), hosts, 'a reboot');
      return cluster().rebootActions.plan(hosts, options);
    },
    'hosts.reboot': async ({ plan, options, password }, { cluster }) => {
      const open = cluster();
      refuseSeveral(
        open,
        plan.steps.map(({ host }) => host),
        'a reboot',
      );
      return { action: await open.rebootActions.start(plan, options, password) };
    },
    'reboot.now': async ({ action, host }, { cluster }) => {
      cluster().rebootActions.hurry(action, host);
      return {};
    },
    'reboot.cancel': async ({ action }, { cluster }) => {
      cluster().rebootActions.cancel(action);
      return {};
    },
    'update-service.instances': (wish, { cluster }) => cluster().updateService.instances(wish),
    'update-service.instance': ({ id }, { cluster }) => cluster().updateService.instance(id),
    'update-service.read-release': async (from, { signal }) =>
      'folder' in from ? readReleaseFolder(from.folder, signal) : readRelease(from, null),
    'update-service.save': ({ item, revision }, { cluster }) => cluster().updateService.save(item, revision),
    'update-service.remove': async ({ kind, id, revision }, { cluster }) => {
      await cluster().updateService.remove(kind, id, revision);
      return {};
    },
    'updates.spread': async ({ days }, { cluster }) => ({ days: await cluster().spread.read(days) }),
    'updates.groups.save': async ({ groups }, { cluster }) => ({ revision: await cluster().groups.save(groups) }),
    'updates.groups.remove': async ({ group, base }, { cluster }) => {
      await cluster().groups.remove(group, base);
      return {};
    },
    'updates.groups.pause': async ({ group, base, why }, { cluster }) => {
      await cluster().groups.pause(group, base, why);
      return {};
    },
    'updates.groups.resume': async ({ group, base }, { cluster }) => {
      await cluster().groups.resume(group, base);
      return {};
    },

    'unit.plan': ({ hosts, unit, verb }, { cluster }) => {
      refuseSeveral(cluster(), hosts, `to ${verb} a unit`);
      return planUnitAction(cluster().around, hosts, unit, verb);
    },
    'unit.act': async ({ plan, password }, { cluster }) => {
      refuseSeveral(
        cluster(),
        plan.steps.map(({ host }) => host),
        `to ${plan.verb} a unit`,
      );
      return { action: await startUnitAction(cluster().around, plan, password) };
    },
    'hosts.read-restarts': async ({ host }, { cluster }) => {
      await cluster().restarts.read(host);
      return {};
    },
    'updates.acts': async ({ host }, { cluster }) => ({ acts: possibleActs(cluster().around, host) }),
    'updates.plan-act': ({ hosts, act }, { cluster }) => {
      refuseSeveral(cluster(), hosts, 'to tell update agents');
      return planUpdateAct(cluster().around, hosts, act);
    },
    'updates.act': async ({ plan, password }, { cluster }) => {
      const open = cluster();
      refuseSeveral(
        open,
        plan.steps.map(({ host }) => host),
        'to tell update agents',
      );
      return { action: await startUpdateAct(open.around, plan, password, (host) => open.updates.reread(host)) };
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
