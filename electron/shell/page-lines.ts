import type { IpcMain, WebContents } from 'electron';
import type { Port } from '#shared/wire/port.ts';
import { isContent } from './content-origin.ts';
import { ipcLine, type IpcLine } from './port-over-ipc.ts';
import { portChannels } from './port-channels.ts';

/** Gives each page of ours one line to the core: a reload or a crash ends it, the next message of the page starts another. */
export function servePageLines(ipc: Pick<IpcMain, 'on'>, attach: (port: Port) => void): void {
  const lines = new Map<WebContents, IpcLine>();
  const fromOurPage = (frame: Electron.WebFrameMain | null) =>
    frame !== null && frame.parent === null && isContent(frame.url);

  ipc.on(portChannels.open, (event) => {
    if (!fromOurPage(event.senderFrame)) return;
    const contents = event.sender;
    const before = lines.get(contents);
    before?.hangUp('the window was loaded anew');
    const line = ipcLine((channel, text) => {
      if (!contents.isDestroyed()) contents.send(channel, text);
    });
    lines.set(contents, line);
    if (!before) {
      contents.on('render-process-gone', () => lines.get(contents)?.hangUp('the window crashed'));
      contents.once('destroyed', () => {
        lines.get(contents)?.hangUp('the window was closed');
        lines.delete(contents);
      });
    }
    attach(line.port);
  });
  ipc.on(portChannels.text, (event, text: unknown) => {
    if (fromOurPage(event.senderFrame)) lines.get(event.sender)?.deliver(text);
  });
}
