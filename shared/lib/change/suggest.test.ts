import { expect, test } from 'vitest';
import { printSteps, suggestedGates, suggestedSteps } from './suggest.ts';

test.each([
  ['/etc/systemd/system/web.service', 'daemon-reload\nrestart web.service'],
  ['/etc/systemd/system/web.service.d/10-limits.conf', 'daemon-reload\nrestart web.service'],
  ['/etc/systemd/system/worker@.service', 'daemon-reload\nrestart worker@.service'],
  ['/etc/systemd/system/worker@blue.service.d/x.conf', 'daemon-reload\nrestart worker@blue.service'],
  // To restart what groups others would stop them.
  ['/etc/systemd/system/app.target', 'daemon-reload'],
  ['/etc/systemd/system/app.target.d/x.conf', 'daemon-reload'],
  ['/etc/systemd/system/app.slice', 'daemon-reload'],
  ['/etc/ssh/sshd_config.d/10-ports.conf', 'reload-or-restart ssh.service'],
  ['/etc/chrony/chrony.conf', 'restart chrony.service'],
  ['/etc/chrony.conf', 'restart chrony.service'],
  ['/etc/motd', ''],
])('after a change of %s', (path, steps) => {
  expect(printSteps(suggestedSteps(path))).toBe(steps);
});

test('what was made to run again must be active; the system is no worse', () => {
  const gates = suggestedGates(suggestedSteps('/etc/systemd/system/web.service'));
  expect(gates).toContainEqual({ kind: 'unit-active', unit: 'web.service', settleS: 5 });
  expect(gates).toContainEqual({ kind: 'system-running' });
});
