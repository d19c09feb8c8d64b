import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect } from 'vitest';
import type { ClusterStore } from '#core/clusters/cluster-store.ts';
import { openClusterStore } from '#core/clusters/open-cluster-store.ts';
import { openScopes, Scope } from '#core/lib/scope.ts';
import { toProblem } from '#shared/contract/problem.ts';

const silent = { debug() {}, info() {}, warn() {}, error() {} };

/** A home and a cluster folder of one test, made before and gone after it; the stores opened in it end with it. */
export interface ClusterHome {
  readonly path: (...parts: string[]) => string;
  readonly put: (name: string, text: string) => void;
  readonly open: (more?: Partial<Parameters<typeof openClusterStore>[0]>) => ReturnType<typeof openClusterStore>;
  /** Ends with the test, as stores opened without another scope do. */
  readonly scope: () => Scope;
}

/** Gives each test of a file its own ClusterHome. */
export function useClusterHome(): ClusterHome {
  let root = '';
  let scope: Scope;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'quarterdeck-clusters-'));
    scope = new Scope('test');
  });
  afterEach(async () => {
    await scope.end();
    expect(openScopes()).toEqual([]);
    rmSync(root, { recursive: true, force: true });
  });
  const path = (...parts: string[]): string => join(root, ...parts);
  return {
    path,
    put: (name, text) => {
      mkdirSync(dirname(path(name)), { recursive: true });
      writeFileSync(path(name), text);
    },
    open: (more = {}) =>
      openClusterStore({
        configDir: path('clusters'),
        sshConfigFile: path('home/.ssh/config'),
        systemSshConfigFile: null,
        home: path('home'),
        env: { SSH_AUTH_SOCK: '/run/agent' },
        log: silent,
        scope,
        debounceMs: 10,
        lookMs: 60_000,
        ...more,
      }),
    scope: () => scope,
  };
}

/** Waits until a condition holds, woken by the store's own events. */
export async function until(store: ClusterStore, holds: () => boolean): Promise<void> {
  if (holds()) return;
  await new Promise<void>((resolve, reject) => {
    const late = setTimeout(() => reject(new Error('the store did not change in time')), 20_000);
    const stop = store.onChange(() => {
      if (!holds()) return;
      clearTimeout(late);
      stop();
      resolve();
    });
  });
}

/** `done`, or the code of the problem it rejects with. */
export const codeOf = async (run: Promise<unknown>): Promise<string> =>
  run.then(
    () => 'done',
    (error: unknown) => toProblem(error).code,
  );
