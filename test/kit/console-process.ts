import { once } from 'node:events';
import { WebSocket } from 'ws';
import type { Port } from '#shared/wire/port.ts';
import { openView, type TestView } from './view.ts';
import { type ConsoleOptions, startConsole } from './window.ts';

/** A console in a process of its own, and a view on it over its own WebSocket: the one to kill, freeze and cut off. */
export interface ConsoleProcess {
  readonly view: TestView;
  /** `kill -9`: no last word to anybody. */
  kill(): Promise<void>;
  signal(name: 'SIGSTOP' | 'SIGCONT'): void;
  end(): Promise<void>;
}

/** Starts `serve` and enters by its link as a browser does. */
export async function startConsoleProcess(cluster: string, options: ConsoleOptions): Promise<ConsoleProcess> {
  const running = await startConsole(options);
  const link = new URL(running.link());
  const entered = await fetch(link);
  const cookie = entered.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  if (!entered.ok || cookie === '') {
    await running.end();
    throw new Error(`the console did not let a browser in: ${entered.status} ${running.errors()}`);
  }
  const view = openView(() => portOver(`ws://${link.host}/port`, { Cookie: cookie, Origin: link.origin }), cluster);
  return {
    view,
    async kill() {
      const gone = once(running.process, 'exit');
      running.process.kill('SIGKILL');
      await gone;
      view.end();
    },
    signal: (name) => void running.process.kill(name),
    async end() {
      view.end();
      await running.end();
    },
  };
}

/** A Port with a browser's cookie, which the WebSocket of the standard library does not send. */
function portOver(url: string, headers: Record<string, string>): Port {
  const socket = new WebSocket(url, { headers });
  const early: string[] = [];
  let open = false;
  socket.on('open', () => {
    open = true;
    for (const text of early.splice(0)) socket.send(text);
  });
  // What goes wrong closes it, and that is told.
  socket.on('error', () => {});
  return {
    send: (text) => (open ? socket.send(text) : void early.push(text)),
    onMessage: (tell) => void socket.on('message', (data) => tell((data as Buffer).toString('utf8'))),
    onClose: (tell) => void socket.on('close', (_code, reason) => tell(reason.toString())),
    close: () => socket.close(),
  };
}
