import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { checkSystemdFile } from './check.ts';
import { directivesOf, sectionsOf } from './known-directives.ts';

const said = (text: string, file: 'unit' | 'network' = 'unit') =>
  checkSystemdFile(file, text).map(
    ({ level, problem }) =>
      `${problem.place?.line} ${level}: ${problem.message}${problem.hint ? ` ${problem.hint}` : ''}`,
  );

it('has nothing to say of a good unit', () => {
  const unit = `# a comment
[Unit]
Description=A web server
After=network-online.target
X-Ours=anything

[Service]
Type=notify
ExecStart=/usr/bin/web \\
  # in the middle of a line
  --port 80
Restart=on-failure
Environment=A=1
MemoryMax=1G
KillMode=mixed
ProtectSystem=true

[Install]
WantedBy=multi-user.target
`;
  expect(said(unit)).toEqual([]);
});

it('says at its line what is wrong, and what was meant', () => {
  const unit = '[Service]\nRestartSecs=5\nType=simpel\nWantedBy=multi-user.target\nnonsense\n[Sevice]\nUser=a\n';
  expect(said(unit)).toEqual([
    '2 warning: "RestartSecs" is not known in [Service] by systemd 252 Did you mean RestartSec=?',
    '3 warning: Type= does not take "simpel", as far as systemd 252 goes One of simple, exec, forking, oneshot, dbus, notify, notify-reload, idle.',
    '4 warning: "WantedBy" is not known in [Service] by systemd 252 It belongs in [Install].',
    '5 error: "nonsense" is neither a [section] nor an assignment Write Name=value.',
    '6 warning: [Sevice] is no section that systemd 252 knows here Did you mean [Service]?',
  ]);
  expect(said('User=a\n')).toEqual(['1 error: an assignment before any [section] is ignored Put a section above it.']);
});

it('takes an escaped backslash at the end of a line for one', () => {
  expect(said('[Service]\nEnvironment=A=x\\\\\nNonsense=1\n')).toHaveLength(1);
  expect(said('[Service]\nEnvironment=A=x\\\nNonsense=1\n')).toEqual([]);
});

it('knows the files of networkd', () => {
  expect(
    said('[Match]\nName=eth0\n[Network]\nDHCP=ipv4\nDNS=192.0.2.1\n[Route]\nGateway=192.0.2.1\n', 'network'),
  ).toEqual([]);
  expect(said('[Network]\nDHCP=both\nGatway=192.0.2.1\n', 'network')).toEqual([
    '2 warning: DHCP= does not take "both", as far as systemd 252 goes One of yes, no, ipv4, ipv6.',
    '3 warning: "Gatway" is not known in [Network] by systemd 252 Did you mean Gateway=?',
  ]);
});

it('knows where each directive is documented', () => {
  expect(directivesOf('unit', 'Service').get('User')?.page).toBe('systemd.exec(5)');
  expect(directivesOf('unit', 'Service').get('ExecStart')?.page).toBe('systemd.service(5)');
  expect(directivesOf('unit', 'Timer').get('OnCalendar')?.page).toBe('systemd.timer(5)');
  expect(sectionsOf('unit')).toContain('Socket');
  expect(directivesOf('unit', 'constructor').size).toBe(0);
});

it('never throws, and gives places within the text, whatever it is', () => {
  const piece = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 12 }),
    fc.constantFrom('[Service]', '\n', '=', 'Type=', '\\', '[', ']', '#', 'ExecStart', '\r\n', '__proto__='),
  );
  const checked = fc.check(
    fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
      const text = pieces.join('');
      const lines = text.split('\n').length;
      return checkSystemdFile('unit', text).every(({ problem }) => (problem.place?.line ?? 1) <= lines);
    }),
  );
  expect(checked.counterexample).toBeNull();
});

it('comes to an end with long texts that were made to be slow', () => {
  const wrong = Array.from({ length: 12_000 }, (_, at) => `ExecStrat${at}=x`).join('\n');
  expect(checkSystemdFile('unit', `[Service]\n${wrong}`)).toHaveLength(200);
});
