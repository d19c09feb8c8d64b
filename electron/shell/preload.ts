import { contextBridge, ipcRenderer } from 'electron';
import { portChannels } from './port-channels.ts';

// Runs sandboxed before the page. The page gets these three functions and nothing of Electron's.
let opened = false;
let onMessage: ((text: string) => void) | null = null;
let onClose: ((reason: string) => void) | null = null;

ipcRenderer.on(portChannels.text, (_event, text: unknown) => {
  if (typeof text === 'string') onMessage?.(text);
});
ipcRenderer.on(portChannels.close, (_event, reason: unknown) => {
  opened = false;
  onClose?.(String(reason));
});

contextBridge.exposeInMainWorld('quarterdeck', {
  port: {
    send(text: string) {
      // The line is opened by its first message, and again by the first one after it was closed.
      if (!opened) ipcRenderer.send(portChannels.open);
      opened = true;
      ipcRenderer.send(portChannels.text, text);
    },
    onMessage(listener: (text: string) => void) {
      onMessage = listener;
    },
    onClose(listener: (reason: string) => void) {
      onClose = listener;
    },
  },
});
