import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import type { ConfigDocument } from '../../contract/document.ts';
import { checkEmbedded, embeddedAt } from './check-embedded.ts';

const document = (format: ConfigDocument['format'], content: string): ConfigDocument => ({
  name: 'web',
  format,
  targets: '',
  file: null,
  content,
});

/** Each finding with the text that stands at its place. */
function said(format: ConfigDocument['format'], content: string): string[] {
  const rows = content.split('\n');
  return checkEmbedded(document(format, content)).map(({ level, problem: { message, place } }) => {
    const at = place ? rows[place.line - 1]?.slice((place.column ?? 1) - 1) : undefined;
    return `${level}: ${message} @ ${at}`;
  });
}

const cloudConfig = `#cloud-config
coreos:
  units:
    - name: web.service
      enable: true
      content: |
        [Service]
        ExecStart=/usr/bin/web
        Typ=simple

        [Instal]
        WantedBy=multi-user.target
      drop_ins:
        - name: 10-limits.conf
          content: |

            [Service]
              Restart=alway
    - name: 10-eth0.network
      content: |
        [Network]
        DHCP=both
write_files:
  - path: /etc/ssh/sshd_config.d/10-a.conf
    content: |
      PermitRootLogin no
      PasswordAuthentication maybe
  - path: /etc/sysctl.d/10-a.conf
    content: "vm..x = 1"
  - path: /etc/docker/daemon.json
    encoding: base64
    content: eyAiYSI6IDEKICAiYiI6IDIgfQ==
`;

it('finds what is wrong in the files of a cloud-config, at its very line', () => {
  expect(said('cloud-config', cloudConfig)).toEqual([
    'warning: "Typ" is not known in [Service] by systemd 252 @ Typ=simple',
    'warning: [Instal] is no section that systemd 252 knows here @ [Instal]',
    'warning: Restart= does not take "alway", as far as systemd 252 goes @ Restart=alway',
    'warning: DHCP= does not take "both", as far as systemd 252 goes @ DHCP=both',
    'error: PasswordAuthentication does not take "maybe" @ maybe',
    'error: "vm..x" is no name of a setting @ vm..x = 1"',
    'error: /etc/docker/daemon.json, line 2: not JSON: a comma is missing here @ eyAiYSI6IDEKICAiYiI6IDIgfQ==',
  ]);
});

it('finds what is wrong in Butane and Ignition', () => {
  const butane = `variant: flatcar
version: 1.1.0
systemd:
  units:
    - name: web.service
      contents: |
        [Service]
        ExecStart=/usr/bin/web
        Typ=simple
      dropins:
        - name: a.conf
          contents: |
            [Service]
            LimitNOFIL=1
storage:
  files:
    - path: /etc/flatcar/update.conf
      contents:
        inline: |
          GROUP=stable
          REBOOT_STRATEGY=sometimes
`;
  expect(said('butane', butane)).toEqual([
    'warning: "Typ" is not known in [Service] by systemd 252 @ Typ=simple',
    'warning: "LimitNOFIL" is not known in [Service] by systemd 252 @ LimitNOFIL=1',
    'error: locksmith does not know "sometimes" @ sometimes',
  ]);
  const ignition = JSON.stringify({
    ignition: { version: '3.4.0' },
    systemd: { units: [{ name: 'web.service', contents: '[Service]\nExecStart=/usr/bin/web\nTyp=simple\n' }] },
  });
  expect(said('ignition', ignition)).toEqual([
    expect.stringContaining('web.service, line 3: "Typ" is not known in [Service] by systemd 252 @ "[Service]'),
  ]);
});

it('knows in which file of a text an offset is', () => {
  const at = (needle: string) => embeddedAt(document('cloud-config', cloudConfig), cloudConfig.indexOf(needle) + 2);
  expect(at('Typ=')?.language).toBe('unit');
  expect(at('Restart=alway')?.path).toBe('/etc/systemd/system/web.service.d/10-limits.conf');
  expect(at('DHCP=both')?.language).toBe('network');
  expect(at('enable: true')).toBe(null);
  expect(at('eyAi')).toBe(null);
});

it('never throws, and names only places that are there, whatever the text', () => {
  const piece = fc.constantFrom(...cloudConfig.split(/(?<=[\n:=\]])/), '>\n', '|-\n', '\t', '  ', '"', '\r\n');
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
      const content = `#cloud-config\n${pieces.join('')}`;
      const rows = content.split('\n').length;
      for (const { problem } of checkEmbedded(document('cloud-config', content))) {
        expect(problem.place?.line ?? 1).toBeGreaterThanOrEqual(1);
        expect(problem.place?.line ?? 1).toBeLessThanOrEqual(rows);
      }
      embeddedAt(document('cloud-config', content), content.length >> 1);
    }),
    { numRuns: 500 },
  );
});
