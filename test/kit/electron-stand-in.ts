// Stands in for the `electron` module where its binary cannot be had: records what the shell asks of it, in order, as JSON
// lines on standard output, and plays one page that greets the core. It proves how the shell is put together, not Electron.
import { EventEmitter } from 'node:events';
import { protocolVersion } from '#shared/wire/messages.ts';

const say = (what: string, ...details: unknown[]) => process.stdout.write(`${JSON.stringify([what, ...details])}\n`);

type Answer = (request: { method: string; url: string }) => Response | Promise<Response>;
let answer: Answer | null = null;
const frame = (url: string) => ({ url, parent: null });

export const ipcMain = new EventEmitter();

class App extends EventEmitter {
  readonly isPackaged = false;
  enableSandbox = () => say('enableSandbox');
  setPath = (name: string, path: string) => say('setPath', name, path);
  requestSingleInstanceLock = () => {
    say('requestSingleInstanceLock');
    return true;
  };
  whenReady = () => new Promise<void>((resolve) => setTimeout(resolve, 10)).then(() => say('ready'));
  exit(code: number) {
    say('exit', code);
    process.exit(code);
  }
  quit() {
    this.emit('will-quit', { preventDefault: () => say('will-quit prevented') });
  }
}
export const app = new App();

export const protocol = {
  registerSchemesAsPrivileged: (schemes: unknown) => say('registerSchemesAsPrivileged', schemes),
  handle: (scheme: string, handler: Answer) => {
    say('handle', scheme);
    answer = handler;
  },
};

class Contents extends EventEmitter {
  url = '';
  getURL = () => this.url;
  isDestroyed = () => false;
  setWindowOpenHandler = () => say('setWindowOpenHandler');
  send(channel: string, text: string) {
    say('to page', channel, text);
    if (text.includes('"snapshot"')) app.quit();
  }
}

export class BrowserWindow extends EventEmitter {
  readonly webContents = new Contents();
  constructor(options: unknown) {
    super();
    say('BrowserWindow', options);
    app.emit('web-contents-created', {}, this.webContents);
  }
  async loadURL(url: string) {
    const page = await answer?.({ method: 'GET', url });
    say('loadURL', url, page?.status, page?.headers.get('content-security-policy'));
    this.webContents.url = url;
    const hello = JSON.stringify({ type: 'hello', protocol: protocolVersion, cluster: null });
    // A frame that is not ours first: it must get nothing.
    ipcMain.emit('quarterdeck:port-open', { sender: this.webContents, senderFrame: frame('https://evil.example/') });
    ipcMain.emit('quarterdeck:port-text', { sender: this.webContents, senderFrame: frame(url) }, hello);
    say('page opens');
    ipcMain.emit('quarterdeck:port-open', { sender: this.webContents, senderFrame: frame(url) });
    ipcMain.emit('quarterdeck:port-text', { sender: this.webContents, senderFrame: frame(url) }, hello);
  }
}

export const session = {
  defaultSession: {
    setPermissionRequestHandler: () => say('setPermissionRequestHandler'),
    setPermissionCheckHandler: () => say('setPermissionCheckHandler'),
    setDevicePermissionHandler: () => say('setDevicePermissionHandler'),
    setDisplayMediaRequestHandler: () => say('setDisplayMediaRequestHandler'),
    webRequest: { onBeforeRequest: () => say('onBeforeRequest') },
  },
};
export const Menu = {
  buildFromTemplate: (template: unknown) => template,
  setApplicationMenu: () => say('setApplicationMenu'),
};
export const dialog = { showErrorBox: (title: string, text: string) => say('showErrorBox', title, text) };
export const nativeTheme = { shouldUseDarkColors: true };
export const safeStorage = { isEncryptionAvailable: () => false };
export const screen = { getAllDisplays: () => [{ workArea: { x: 0, y: 0, width: 1920, height: 1040 } }] };
export const shell = { openExternal: () => {}, openPath: () => {} };
