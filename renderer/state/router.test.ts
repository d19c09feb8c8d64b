import { expect, test } from 'vitest';
import { createRouter } from './router.ts';
import type { Route } from './routes.ts';

/** A page that has only an address, and tells of it as a browser does. */
function pageAt(hash: string) {
  const listeners: (() => void)[] = [];
  const location = { hash };
  return {
    page: {
      location,
      history: { pushState: (_: unknown, __: string, to: string) => void (location.hash = to) },
      addEventListener: (_: string, listener: () => void) => void listeners.push(listener),
    } as unknown as Window,
    location,
    press: (to: string) => {
      location.hash = to;
      for (const listener of listeners) listener();
    },
  };
}

const fleet: Route = { view: 'etcd', cluster: 'lab' };

test('while held, neither a key nor a link leaves, and the address stays', () => {
  const { page, location, press } = pageAt('#/c/lab/config/documents/motd');
  const router = createRouter(page);
  const asked: string[] = [];
  const letGo = router.hold((to) => {
    asked.push(to.view);
    return false;
  });
  router.go(fleet);
  press('#/c/lab/changes');
  expect([router.store.getState().route.view, location.hash, asked]).toEqual([
    'config',
    '#/c/lab/config/documents/motd',
    ['etcd', 'changes'],
  ]);
  letGo();
  router.go(fleet);
  expect([router.store.getState().route.view, location.hash]).toEqual(['etcd', '#/c/lab/etcd']);
});

test('letting go of an old hold leaves a newer one', () => {
  const router = createRouter(pageAt('#/c/lab/changes').page);
  const letGo = router.hold(() => true);
  router.hold(() => false);
  letGo();
  router.go(fleet);
  expect(router.store.getState().route.view).toBe('changes');
});
