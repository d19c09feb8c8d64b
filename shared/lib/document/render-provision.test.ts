import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { ConfigDocument } from '../../contract/document.ts';
import { checkDocument } from './check-document.ts';
import { renderDocument } from './render-document.ts';

const fixture = (name: string): string =>
  readFileSync(new URL(`../../../test/fixtures/provision/${name}`, import.meta.url), 'utf8');
const host = { host: 'store-01', privateIpv4: '10.0.0.3', publicIpv4: null, privateIpv6: null, publicIpv6: null };

function document(format: 'butane' | 'ignition', content: string): ConfigDocument {
  return { name: 'store', format, targets: '', file: null, content };
}

const steps = (document: ConfigDocument): string[] =>
  renderDocument(document, host).actions.map(({ verb, unit }) => (unit === null ? verb : `${verb} ${unit}`));

/** What is said of a text, as `line:column level message`. */
function said(format: 'butane' | 'ignition', content: string): string[] {
  return checkDocument(document(format, content)).map(
    ({ level, problem: { place, message } }) => `${place?.line}:${place?.column} ${level} ${message}`,
  );
}

describe('a Butane configuration on a running host', () => {
  const rendered = renderDocument(document('butane', fixture('store.butane.yaml')), host);

  it('becomes its files and units', () => {
    expect(rendered.problems).toStrictEqual([]);
    expect(rendered.files.map(({ path, mode, owner }) => `${mode} ${owner?.uid}:${owner?.gid} ${path}`)).toStrictEqual([
      '644 0:0 /etc/hostname',
      '640 0:1500 /etc/store/store.conf',
      '644 0:0 /etc/flatcar/update.conf',
      '644 0:0 /etc/store/banner',
      '644 0:0 /etc/systemd/network/20-data.network',
      '644 0:0 /etc/systemd/system/store.service',
      '644 0:0 /etc/systemd/system/store.service.d/10-limits.conf',
      '644 0:0 /etc/sysusers.d/quarterdeck-store.conf',
      '644 0:0 /etc/tmpfiles.d/quarterdeck-store.conf',
      '644 0:0 /etc/systemd/system/quarterdeck-store-accounts.service',
    ]);
    expect(rendered.files[1]?.content).toContain('listen = 10.0.0.3\n');
    expect(rendered.files[3]?.content).toBe('hall 2, rack r9\n');
  });

  it('leaves a variable of the shell alone', () => {
    expect(rendered.files[5]?.content).toContain('--from ${PRIVATE_IPV4}\n');
  });

  it('does what its units say', () => {
    expect(steps(document('butane', fixture('store.butane.yaml')))).toStrictEqual([
      'daemon-reload',
      'set-hostname',
      'restart quarterdeck-store-accounts.service',
      'mask update-engine.service',
      'enable store.service',
      'disable chronyd.service',
      'reload systemd-networkd.service',
      'restart store.service',
    ]);
  });

  it('names what only a first boot does, with its line', () => {
    expect(rendered.firstBoot.map(({ what, line }) => `${line} ${what}`)).toStrictEqual([
      '21 Disk /dev/sdb',
      '27 File system /dev/disk/by-partlabel/DATA',
      '14 Password of the account backup',
      '32 Folder "/var/data/spool"',
      '56 File "/opt/store/bin"',
      '91 Kernel arguments',
    ]);
  });

  it('says which version brought a key', () => {
    const head = (variant: string, version: string): string => `variant: ${variant}\nversion: ${version}\n`;
    const grub = 'grub: {users: []}\n';
    expect(said('butane', head('fcos', '1.4.0') + grub)).toStrictEqual(['3:1 error "grub" needs version 1.5.0']);
    expect(said('butane', head('fcos', '1.5.0') + grub)).toStrictEqual([]);
    expect(said('butane', head('flatcar', '1.1.0') + grub)).toStrictEqual([
      '3:1 warning "grub" is not a key that is known here',
    ]);
    const kernel = 'kernel_arguments: {should_exist: [a]}\n';
    expect(said('butane', head('fcos', '1.3.0') + kernel)).toStrictEqual([
      '3:1 error "kernel_arguments" needs version 1.4.0',
    ]);
    const local = 'systemd: {units: [{name: a.service, contents_local: a}]}\n';
    expect(said('butane', head('flatcar', '1.0.0') + local)).toStrictEqual([
      '3:37 error "contents_local" needs version 1.1.0',
    ]);
    const boot = 'boot_device: {luks: {tpm2: true}}\n';
    expect(said('butane', head('fcos', '1.2.0') + boot)).toStrictEqual(['3:1 error "boot_device" needs version 1.3.0']);
    expect(said('butane', head('fcos', '1.3.0') + boot)).toStrictEqual([]);
    expect(said('butane', head('fcos', '1.9.0'))).toStrictEqual([
      '2:10 error version "1.9.0" of fcos is not read here',
    ]);
    expect(said('butane', head('openshift', '4.8.0'))).toStrictEqual([
      '1:10 error the variant "openshift" is not read here',
    ]);
    expect(said('butane', 'storage: {}\n')).toStrictEqual(['1:1 error the variant is missing']);
  });

  it('says what is wrong at its place', () => {
    const head = 'variant: fcos\nversion: 1.6.0\nstorage:\n  files:\n';
    expect(said('butane', `${head}  - path: /etc/a\n    mode: 644\n    contents: {inline: x}\n`)).toStrictEqual([
      '6:11 warning 644 is a decimal number, which is mode 01204',
    ]);
    expect(
      said('butane', `${head}  - path: /etc/a\n    contents: {inline: x}\n    user: {name: core}\n`),
    ).toStrictEqual(['7:18 error the number of the user "core" is not the same on every host']);
    expect(said('butane', `${head}  - path: /etc/a\n    conents: {inline: x}\n`)).toStrictEqual([
      '6:5 warning "conents" is not a key that is known here',
    ]);
    expect(
      said('butane', `${head}  - path: /etc/a\n    mode: "0644"\n    contents: {source: "data:;base64,a"}\n`),
    ).toStrictEqual(['6:11 error "mode" must be a whole number', '7:24 error this content is not base64']);
    expect(said('butane', `${head}  - path: etc/a\n`)).toStrictEqual([
      '5:11 error "etc/a" is not an absolute path of a file',
    ]);
  });

  it('never adds to a file twice, but joins what stands in the text', () => {
    const head = 'variant: fcos\nversion: 1.6.0\nstorage:\n  files:\n';
    const added = renderDocument(document('butane', `${head}  - path: /etc/a\n    append: [{inline: x}]\n`), null);
    expect(added).toMatchObject({ files: [], firstBoot: [{ what: 'File "/etc/a"', line: 5 }] });
    const joined = `${head}  - path: /etc/a\n    contents: {inline: "a\\n"}\n    append: [{inline: "b\\n"}]\n`;
    expect(renderDocument(document('butane', joined), null).files).toMatchObject([
      { path: '/etc/a', content: 'a\nb\n' },
    ]);
  });
});

describe('an Ignition configuration on a running host', () => {
  it('becomes its files, unpacked, and its units', () => {
    const node = document('ignition', fixture('node.ignition.json'));
    const { files, firstBoot, problems } = renderDocument(node, host);
    expect(problems).toStrictEqual([]);
    expect(files.slice(0, 2)).toMatchObject([
      { path: '/etc/motd.d/hall.conf', content: 'hall 2\n', mode: '644' },
      { path: '/etc/zincati/config.d/55-updates.toml', content: '[updates]\nenabled = false\n' },
    ]);
    expect(firstBoot).toMatchObject([{ what: 'ignition.timeouts', line: 2 }]);
    expect(steps(node)).toStrictEqual([
      'daemon-reload',
      'restart quarterdeck-store-accounts.service',
      'enable node.service',
      'restart zincati.service',
      'restart node.service',
      'restart docker.service',
    ]);
  });

  it('reads version 2 with its networkd files, and leaves file systems of its own to the first boot', () => {
    const two = JSON.stringify({
      ignition: { version: '2.3.0' },
      storage: {
        files: [
          { filesystem: 'root', path: '/etc/a', mode: 384, contents: { source: 'data:,a' } },
          { filesystem: 'data', path: '/b', contents: { source: 'data:,b' } },
        ],
      },
      networkd: { units: [{ name: '10-a.network', contents: '[Match]\n' }] },
    });
    const { files, firstBoot, problems } = renderDocument(document('ignition', two), null);
    expect(problems).toStrictEqual([]);
    expect(files).toMatchObject([
      { path: '/etc/a', mode: '600' },
      { path: '/etc/systemd/network/10-a.network', content: '[Match]\n' },
    ]);
    expect(firstBoot).toMatchObject([{ what: 'File "/b"' }]);
  });

  it('says what is wrong at its place', () => {
    expect(said('ignition', '{"ignition": {"version": "3.9.0"}}')).toStrictEqual([
      '1:26 error version "3.9.0" is not read here',
    ]);
    expect(said('ignition', '{"storage": {}}')).toStrictEqual(['1:1 error the version is missing']);
    expect(said('ignition', '{\n "a": 1,\n}')).toStrictEqual([
      '3:1 error not JSON: a key in double quotes is missing here',
      '3:1 error not JSON: a value is missing here',
    ]);
    expect(said('ignition', '{"ignition": {"version": "3.4.0"}, "systemd": {"units": [{"name": 5}]}}')).toStrictEqual([
      '1:67 error "name" must be a text',
      '1:67 error "5" is not the name of a unit',
    ]);
    expect(said('ignition', '{"ignition": {"version": "3.4.0"}, "kernel_arguments": {}}')).toStrictEqual([
      '1:36 warning "kernel_arguments" is not a key that is known here',
    ]);
  });
});
