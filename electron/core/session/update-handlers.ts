import type { updateCalls } from '#shared/contract/update-calls.ts';
import { readRelease } from '#shared/formats/flatcar-release/read-release.ts';
import { refuseSeveral } from '../fleet/protection.ts';
import { readReleaseFolder } from '../update-service/read-release-folder.ts';
import { planUpdateAct } from '../updates/plan-update-act.ts';
import { possibleActs } from '../updates/possible-acts.ts';
import { startUpdateAct } from '../updates/update-acts.ts';
import type { Handlers } from './session.ts';

/** Update agents, groups, services and servers; reboots and the locks for them. */
export function updateHandlers(): Pick<Handlers, keyof typeof updateCalls> {
  return {
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
  };
}
