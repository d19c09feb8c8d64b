import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { elevate, shownCommand } from './elevation.ts';

test('each way to root has its command, and none carries the password', () => {
  expect(elevate('h', ['systemctl', 'stop', 'a b'], 'root', null)).toEqual({
    command: "systemctl stop 'a b'",
    stdin: null,
  });
  expect(elevate('h', ['id'], 'sudo', 'secret')).toEqual({ command: 'sudo -n id', stdin: null });
  const asked = elevate('h', ['id'], 'sudo-password', 'secret');
  expect(asked.command).not.toContain('secret');
  expect(asked.stdin).toBe('secret\n');
  expect(shownCommand(['systemctl', 'stop', 'x'], 'sudo-password')).toBe('sudo systemctl stop x');
});

test('without a password, or without a way, it is refused in words', () => {
  expect(() => elevate('h', ['id'], 'sudo-password', null)).toThrow(/asks for a password/);
  expect(() => elevate('h', ['id'], 'none', null)).toThrow(/may not become root/);
});

test('a command never reads the password, even when sudo did not', () => {
  const { command, stdin } = elevate('h', ['sh', '-c', 'echo "got:$(cat)"'], 'sudo-password', 'secret');
  // A sudo that does not ask: everything after its options is simply run.
  const unasked = command.replace("sudo -k -S -p '' ", '');
  expect(unasked).not.toBe(command);
  expect(execFileSync('sh', ['-c', unasked], { input: stdin ?? '', encoding: 'utf8' })).toBe('got:\n');
});
