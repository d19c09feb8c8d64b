import { expect, test } from 'vitest';
import { logLevel, pinoLog } from './pino-log.ts';

test('writes fields beside the message and leaves secrets out, nested ones too', () => {
  const lines: string[] = [];
  const log = pinoLog('info', { write: (line) => void lines.push(line) });
  log.debug('below the level');
  log.warn('connected', { host: 'a1', password: 'p1', input: { answers: ['p2'], deep: { passphrase: 'p3' } } });
  expect(lines).toHaveLength(1);
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ msg: 'connected', host: 'a1', password: '(left out)' });
  expect(lines[0]).not.toMatch(/p1|p2|p3/);
});

test('an unknown level means the usual one', () => {
  expect(logLevel('debug', 'warn')).toBe('debug');
  expect(logLevel('loud', 'warn')).toBe('warn');
  expect(logLevel(undefined, 'info')).toBe('info');
});
