import { describe, expect, it } from 'vitest';
import { createPreferences } from './preferences.ts';

function texts(initial: string | null) {
  let held = initial;
  return { getItem: () => held, setItem: (_: string, value: string) => void (held = value), held: () => held };
}

describe('createPreferences', () => {
  it.each([null, 'not json', '[]', '7', '{"theme":"pink","detailWidth":-4}'])('starts from defaults on %j', (text) => {
    expect(createPreferences(texts(text)).getState()).toMatchObject({
      theme: 'system',
      detailWidth: 420,
      fleetColumns: null,
    });
  });

  it('keeps what is set and reads it back, one broken value at a time', () => {
    const store = texts(null);
    createPreferences(store).setState({ theme: 'light', fleetColumns: [{ id: 'cpu', width: null }] });
    const kept = JSON.parse(store.held() ?? '') as object;
    const again = createPreferences(texts(JSON.stringify({ ...kept, railCollapsed: 'yes' })));
    expect(again.getState()).toMatchObject({ theme: 'light', railCollapsed: false, fleetColumns: [{ id: 'cpu' }] });
  });

  it('survives a storage that is forbidden', () => {
    const forbidden = {
      getItem: () => {
        throw new Error('denied');
      },
      setItem: () => {
        throw new Error('denied');
      },
    };
    const store = createPreferences(forbidden);
    store.setState({ theme: 'dark' });
    expect(store.getState().theme).toBe('dark');
  });
});
