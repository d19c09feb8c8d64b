import { EventEmitter } from 'node:events';
import type { App, Session } from 'electron';
import { expect, test } from 'vitest';
import { lockPages, lockSession } from './lock-down.ts';

type OpenHandler = (details: { url: string }) => { action: string };

function page() {
  const app = new EventEmitter();
  const opened: string[] = [];
  lockPages(app as unknown as App, (address) => opened.push(address));
  let open: OpenHandler | null = null;
  const contents = Object.assign(new EventEmitter(), {
    setWindowOpenHandler: (handler: OpenHandler) => (open = handler),
  });
  app.emit('web-contents-created', {}, contents);
  const prevented = (name: string, url: string) => {
    let stopped = false;
    contents.emit(name, { url, preventDefault: () => (stopped = true) });
    return stopped;
  };
  return { prevented, opened, open: (url: string) => open?.({ url }) };
}

test('a page cannot leave, redirect, hold a webview or open a window', () => {
  const { prevented, open } = page();
  for (const name of ['will-navigate', 'will-frame-navigate']) {
    expect(prevented(name, 'https://evil.example/')).toBe(true);
    expect(prevented(name, 'app://quarterdeck/#/fleet')).toBe(false);
  }
  expect(prevented('will-redirect', 'app://quarterdeck/')).toBe(true);
  expect(prevented('will-attach-webview', '')).toBe(true);
  expect(open('app://quarterdeck/')).toEqual({ action: 'deny' });
});

test('known sites go to the desktop browser, others nowhere', () => {
  const { open, opened } = page();
  expect(open('https://etcd.io/docs/')).toEqual({ action: 'deny' });
  expect(open('https://evil.example/')).toEqual({ action: 'deny' });
  expect(opened).toEqual(['https://etcd.io/docs/']);
});

test('a session denies permissions, devices and every request that is not its own', () => {
  const set = new Map<string, (...args: unknown[]) => unknown>();
  const keep = (name: string) => (handler: (...args: unknown[]) => unknown) => void set.set(name, handler);
  lockSession(
    {
      setPermissionRequestHandler: keep('request'),
      setPermissionCheckHandler: keep('check'),
      setDevicePermissionHandler: keep('device'),
      setDisplayMediaRequestHandler: keep('display'),
      webRequest: { onBeforeRequest: keep('before') },
    } as unknown as Session,
    true,
  );
  const answers: unknown[] = [];
  const answer = (value: unknown) => answers.push(value);
  set.get('request')?.({}, 'media', answer, { requestingUrl: 'app://quarterdeck/' });
  set.get('request')?.({}, 'clipboard-sanitized-write', answer, { requestingUrl: 'app://quarterdeck/' });
  set.get('before')?.({ url: 'https://example.org/' }, answer);
  set.get('before')?.({ url: 'app://quarterdeck/assets/a.js' }, answer);
  expect(answers).toEqual([false, true, { cancel: true }, { cancel: false }]);
  expect(set.get('check')?.({}, 'geolocation', 'app://quarterdeck/')).toBe(false);
  expect(set.get('device')?.({})).toBe(false);
  expect(set.get('display')).toBeNull();
});
