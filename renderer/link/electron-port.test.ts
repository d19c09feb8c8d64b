import { describe, expect, it } from 'vitest';
import { openElectronPort } from './electron-port.ts';

describe('openElectronPort', () => {
  it('hands texts both ways until it is closed, then is deaf and mute', () => {
    const said: string[] = [];
    const heard: string[] = [];
    let message: (text: string) => void = () => {};
    let close: (reason: string) => void = () => {};
    const port = openElectronPort({
      send: (text) => said.push(text),
      onMessage: (listener) => void (message = listener),
      onClose: (listener) => void (close = listener),
    });
    port.onMessage((text) => heard.push(text));
    port.onClose((reason) => heard.push(`closed: ${reason}`));
    port.send('hello');
    message('welcome');
    close('');
    expect(said).toEqual(['hello']);
    expect(heard).toEqual(['welcome', 'closed: the core of the console has stopped']);
    port.close('over');
    port.send('more');
    message('more');
    expect(said).toHaveLength(1);
    expect(heard).toHaveLength(2);
  });
});
