import { expect, it } from 'vitest';
import { newFileText } from './new-file-text.ts';

it.each([
  ['/etc/systemd/system/nginx.service.d/50-quarterdeck.conf', '[Service]\n'],
  ['/etc/systemd/system/a@b.timer.d/x.conf', '[Timer]\n'],
  ['/etc/systemd/system/nginx.service', ''],
  ['/etc/systemd/system/a.target.d/x.conf', ''],
  ['/etc/motd', ''],
])('begins %s with %j', (path, text) => {
  expect(newFileText(path)).toBe(text);
});
