import { expect, test } from 'vitest';
import { maxMessageChars } from '#shared/wire/messages.ts';
import { portChannels } from './port-channels.ts';
import { ipcLine } from './port-over-ipc.ts';

function open() {
  const sent: [string, string][] = [];
  const line = ipcLine((channel, text) => sent.push([channel, text]));
  const heard: string[] = [];
  const reasons: string[] = [];
  line.port.onClose((reason) => reasons.push(reason));
  return { line, sent, heard, reasons };
}

test('texts cross both ways, early ones are kept for the listener', () => {
  const { line, sent, heard } = open();
  line.deliver('hello');
  line.port.onMessage((text) => heard.push(text));
  line.deliver('again');
  line.port.send('welcome');
  expect(heard).toEqual(['hello', 'again']);
  expect(sent).toEqual([[portChannels.text, 'welcome']]);
});

test.each([
  ['an object', { type: 'hello' }],
  ['null', null],
  ['too long a text', 'x'.repeat(maxMessageChars + 1)],
])('%s, which is no bearable text, ends the line', (_name, what) => {
  const { line, sent, heard, reasons } = open();
  line.port.onMessage((text) => heard.push(text));
  line.deliver(what);
  line.deliver('too late');
  expect(heard.length).toBe(0);
  expect(reasons).toHaveLength(1);
  expect(sent.map(([channel]) => channel)).toEqual([portChannels.close]);
});

test('a page that is gone is not told, and nothing is sent after it', () => {
  const { line, sent, reasons } = open();
  line.hangUp('the window was closed');
  line.port.send('late');
  line.port.close('later');
  expect(sent).toEqual([]);
  expect(reasons).toEqual(['the window was closed']);
  line.port.onClose((reason) => reasons.push(`told at once: ${reason}`));
  expect(reasons[1]).toBe('told at once: the window was closed');
});
