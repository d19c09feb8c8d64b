import type { changeCalls } from '#shared/contract/change-calls.ts';
import type { Handlers } from './session.ts';

/** Staged changes, and the documents they bring to hosts. */
export function changeHandlers(): Pick<Handlers, keyof typeof changeCalls> {
  return {
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
  };
}
