import { describe, expect, it } from 'vitest';
import { createStore } from 'zustand/vanilla';
import { firstPreferences, type Preferences } from '#shared/contract/preferences.ts';
import { fail } from '#shared/contract/problem.ts';
import type { LinkStatus } from '../link/link.ts';
import { keepPreferences } from './keep-preferences.ts';
import { createPreferences } from './preferences.ts';
import { createReplica } from './replica.ts';

function stamped(content: string | null) {
  const meta = content === null ? null : ({ content } as HTMLMetaElement);
  return createPreferences({ querySelector: () => meta }).getState();
}

describe('createPreferences', () => {
  it.each([null, 'not json', '[]', '7', '{"theme":"pink","detailWidth":-4}'])('starts from defaults on %j', (text) => {
    expect(stamped(text)).toEqual(firstPreferences);
  });

  it('reads what was kept, one broken value at a time', () => {
    const kept = { theme: 'light', fleetColumns: [{ id: 'cpu', width: null }], railCollapsed: 'yes' };
    expect(stamped(JSON.stringify(kept))).toEqual({
      ...firstPreferences,
      theme: 'light',
      fleetColumns: [{ id: 'cpu', width: null }],
    });
  });
});

/** Preferences kept by a core that answers when the test says so. */
function keeping() {
  const status = createStore<LinkStatus>(() => ({ state: 'open', version: '1' }));
  const replica = createReplica();
  const preferences = createStore<Preferences>(() => firstPreferences);
  const calls: { input: unknown; settle: (error?: unknown) => Promise<void> }[] = [];
  const told: unknown[] = [];
  let due: (() => void) | null = null;
  keepPreferences({
    link: {
      status,
      call: ((_name: string, input: unknown) =>
        new Promise((resolve, reject) => {
          calls.push({
            input,
            settle: async (error) => {
              if (error) reject(error);
              else resolve({});
              await new Promise((done) => setTimeout(done));
            },
          });
        })) as never,
    },
    replica,
    preferences,
    notices: { watch: (_what, work) => void work.catch((error: unknown) => told.push(error)) },
    wait: (run) => {
      due = run;
      return () => (due = null);
    },
  });
  return {
    status,
    preferences,
    calls,
    told,
    settle: () => due?.(),
    kept: (kept: Partial<Preferences>) =>
      replica.apply(1, [['app', '', 'preferences', { ...firstPreferences, ...kept }]]),
  };
}

describe('keepPreferences', () => {
  it('saves what changed once it has settled, and nothing that another window said', () => {
    const { preferences, calls, settle, kept } = keeping();
    preferences.setState({ detailWidth: 500 });
    preferences.setState({ detailWidth: 510 });
    expect(calls).toEqual([]);
    settle();
    expect(calls.map(({ input }) => input)).toEqual([{ detailWidth: 510 }]);
    kept({ theme: 'light', detailWidth: 300 });
    settle();
    expect(preferences.getState()).toMatchObject({ theme: 'light', detailWidth: 510 });
    expect(calls).toHaveLength(1);
  });

  it('counts what another window says of it once its own is saved', async () => {
    const { preferences, calls, settle, kept } = keeping();
    preferences.setState({ theme: 'dark' });
    settle();
    await calls[0]?.settle();
    kept({ theme: 'light' });
    expect(preferences.getState().theme).toBe('light');
  });

  it('says it again after a lost line; a refusal is told and ends it', async () => {
    const { status, preferences, calls, told, settle } = keeping();
    preferences.setState({ theme: 'dark' });
    settle();
    status.setState({ state: 'lost', reason: 'cut', since: 0, retryAt: 0 }, true);
    await calls[0]?.settle(fail('lost', 'cut'));
    expect(told).toEqual([]);
    status.setState({ state: 'open', version: '1' }, true);
    expect(calls[1]?.input).toEqual({ theme: 'dark' });
    await calls[1]?.settle(fail('internal', 'the disk is full'));
    expect(told).toHaveLength(1);
    status.setState({ state: 'open', version: '1' }, true);
    expect(calls).toHaveLength(2);
  });
});
