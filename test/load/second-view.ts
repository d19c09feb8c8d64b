import { once } from 'node:events';
import { WebSocket } from 'ws';
import { Scope } from '#core/lib/scope.ts';
import { openView, type TestView } from '#kit/view.ts';
import type { RunningConsole } from '#kit/window.ts';
import { portOverWebSocket } from '../../electron/serve/port-over-websocket.ts';

/** A session beside the window's, as a second window would be. */
export async function secondView(running: RunningConsole): Promise<TestView> {
  const link = new URL(running.link());
  const cookie = (await fetch(link, { redirect: 'manual' })).headers.get('set-cookie')?.split(';')[0] ?? '';
  const socket = new WebSocket(`ws://${link.host}/port`, { headers: { cookie, origin: link.origin } });
  await once(socket, 'open');
  return openView(() => portOverWebSocket(socket, new Scope('second window')), 'demo');
}
