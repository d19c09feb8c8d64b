import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { ConfigDocument, RenderedDocument } from '../../contract/document.ts';
import { checkDocument } from './check-document.ts';
import { renderDocument } from './render-document.ts';

const example = readFileSync(
  new URL('../../../test/fixtures/provision/web.cloud-config.yaml', import.meta.url),
  'utf8',
);
const host = { host: 'web-03', privateIpv4: '10.0.0.3', publicIpv4: null, privateIpv6: 'fd00::3', publicIpv6: null };

function document(content: string): ConfigDocument {
  return { name: 'web', format: 'cloud-config', targets: '', file: null, content };
}

function textOf({ files }: RenderedDocument, path: string): string | null | undefined {
  return files.find((file) => file.path === path)?.content;
}

/** The problems of the lines after "#cloud-config", as `line:column message`. */
function problems(lines: string): string[] {
  return renderDocument(document(`#cloud-config\n${lines}`), host).problems.map(
    ({ place, message }) => `${place?.line}:${place?.column} ${message}`,
  );
}

describe('a cloud-config on a running host', () => {
  const rendered = renderDocument(document(example), host);

  it('becomes the files that coreos-cloudinit would write, and those that make its accounts', () => {
    expect(rendered.problems).toStrictEqual([]);
    expect(rendered.files.map(({ path, mode, owner }) => `${mode} ${owner?.uid}:${owner?.gid} ${path}`)).toStrictEqual([
      '644 0:0 /etc/hostname',
      '644 0:0 /etc/motd.d/hall.conf',
      '644 0:0 /etc/sysctl.d/60-web.conf',
      '600 0:0 /etc/web/token',
      '644 0:0 /etc/web/address',
      '644 0:0 /etc/systemd/system/flanneld.service.d/20-cloudinit.conf',
      '644 0:0 /etc/systemd/system/locksmithd.service.d/20-cloudinit.conf',
      '644 0:0 /etc/coreos/update.conf',
      '644 0:0 /etc/systemd/system/web.service',
      '644 0:0 /etc/systemd/system/docker.service.d/10-log.conf',
      '644 0:0 /etc/systemd/network/10-rack.network',
      '644 0:0 /etc/sysusers.d/quarterdeck-web.conf',
      '644 0:0 /etc/tmpfiles.d/quarterdeck-web.conf',
      '644 0:0 /etc/systemd/system/quarterdeck-web-accounts.service',
    ]);
    expect(textOf(rendered, '/etc/web/token')).toBe('secret\n');
    expect(textOf(rendered, '/etc/coreos/update.conf')).toBe('GROUP=stable\nREBOOT_STRATEGY=etcd-lock\n');
    expect(textOf(rendered, '/etc/systemd/system/locksmithd.service.d/20-cloudinit.conf')).toBe(
      '[Service]\nEnvironment="REBOOT_WINDOW_START=Sat 02:00"\nEnvironment="REBOOT_WINDOW_LENGTH=2h"\n',
    );
  });

  it('does each step once, after one reload, in an order in which they hold', () => {
    expect(rendered.actions.map(({ verb, unit }) => (unit === null ? verb : `${verb} ${unit}`))).toStrictEqual([
      'daemon-reload',
      'set-hostname',
      'restart quarterdeck-web-accounts.service',
      'mask rpcbind.service',
      'enable web.service',
      'restart systemd-sysctl.service',
      'restart flanneld.service',
      'reload systemd-networkd.service',
      'restart web.service',
      'restart docker.service',
      'restart update-engine.service',
      'unmask locksmithd.service',
      'restart locksmithd.service',
    ]);
  });

  it('names owners of keys and folders, so that each host looks up its numbers', () => {
    expect(textOf(rendered, '/etc/sysusers.d/quarterdeck-web.conf')).toBe(
      'u deploy - "Deployments" /home/deploy /bin/bash\nm deploy docker\n',
    );
    const tmpfiles = textOf(rendered, '/etc/tmpfiles.d/quarterdeck-web.conf') ?? '';
    expect(tmpfiles).toMatch(/^d \/home\/deploy - deploy deploy -$/m);
    expect(tmpfiles).not.toMatch(/^d \/home\/core /m);
    expect(tmpfiles).toMatch(
      /^f\+ \/home\/core\/\.ssh\/authorized_keys\.d\/quarterdeck-web 0600 core core - ssh-ed25519 /m,
    );
    expect(textOf(rendered, '/etc/systemd/system/quarterdeck-web-accounts.service')).toContain(
      'ExecStart=/usr/bin/systemd-tmpfiles --create /etc/tmpfiles.d/quarterdeck-web.conf\n',
    );
  });

  it('puts in the addresses of the host, and says which it does not know', () => {
    expect(textOf(rendered, '/etc/web/address')).toBe('listen on 10.0.0.3\n');
    expect(textOf(rendered, '/etc/systemd/system/web.service')).toContain('--listen 10.0.0.3\n');
    const raw = renderDocument(document(example), null);
    expect(textOf(raw, '/etc/web/address')).toBe('listen on $private_ipv4\n');
    const unknown = renderDocument(document(example), { ...host, privateIpv4: null });
    expect(unknown.problems).toMatchObject([
      { host: 'web-03', message: '$private_ipv4 is not known of web-03', place: { line: 30, column: 50 } },
    ]);
  });

  it('never lets what a host says of itself become YAML', () => {
    const bad = renderDocument(document(example), { ...host, privateIpv4: '1"\n  - path: /etc/shadow' });
    expect(bad.problems).toMatchObject([{ message: '$private_ipv4 is not known of web-03' }]);
  });

  it('keeps a placeholder that is written with a backslash', () => {
    const { files } = renderDocument(
      document('#cloud-config\nwrite_files:\n  - path: /etc/a\n    content: \\$private_ipv4 $private_ipv6\n'),
      host,
    );
    expect(files[0]?.content).toBe('$private_ipv4 fd00::3');
  });

  it('names what only a boot does', () => {
    expect(rendered.firstBoot).toMatchObject([{ what: 'Password of deploy', line: 9 }]);
  });

  it('says at its line what cannot be done', () => {
    expect(problems('write_files:\n- path: /etc/a\n  owner: alice\n')).toStrictEqual([
      '4:10 the number of the owner "alice" is not the same on every host',
    ]);
    expect(problems('write_files:\n- path: /usr/share/a\n')).toStrictEqual([
      '3:9 "/usr/share/a" is below /usr, which is read-only',
    ]);
    expect(problems('write_files:\n- path: /etc/../shadow\n')).toStrictEqual([
      '3:9 "/etc/../shadow" is not an absolute path of a file',
    ]);
    expect(problems('write_files:\n- path: /etc/a\n- path: /etc/a\n')).toStrictEqual([
      '4:9 "/etc/a" is written in line 3 too',
    ]);
    expect(problems('write_files:\n- {path: /etc/a, encoding: base64, content: "*"}\n')).toStrictEqual([
      '3:45 the content of "/etc/a" cannot be decoded as "base64"',
    ]);
    expect(problems('write_files:\n- {path: /etc/a, permissions: "999"}\n')).toStrictEqual([
      '3:31 "999" is not a value of "permissions"',
    ]);
    expect(problems('coreos:\n  units:\n  - name: web\n')).toStrictEqual(['4:11 "web" is not the name of a unit']);
    expect(problems('coreos:\n  units:\n  - name: a.service\n    command: try-restart\n')).toStrictEqual([
      '5:14 "try-restart" cannot be a step of a change',
    ]);
    expect(problems('coreos:\n  units:\n  - name: a.service\n    enable: "yes"\n')).toStrictEqual([
      '5:13 "enable" must be true or false',
    ]);
    expect(problems('ssh_authorized_keys:\n- ssh-rsa nokey\n')).toStrictEqual([
      '3:3 "ssh-rsa nokey" is not a public SSH key',
    ]);
    expect(problems('users:\n- name: Alice Smith\n')).toStrictEqual([
      '3:9 "Alice Smith" cannot be the name of an account',
    ]);
    expect(problems('hostname: -x\n')).toStrictEqual(['2:11 "-x" cannot be the name of a host']);
    expect(problems('a: [\n')).toStrictEqual([
      '3:1 not YAML: flow sequence in block collection must be sufficiently indented and end with a ]',
    ]);
    expect(renderDocument(document('hostname: a\n'), null).problems).toMatchObject([
      { message: 'the first line must be "#cloud-config"', place: { line: 1, column: 1 } },
    ]);
    expect(renderDocument(document('#!/bin/sh\n'), null).problems).toMatchObject([{ message: 'this is a script' }]);
  });

  it('says what has no effect without refusing the rest', () => {
    const said = (lines: string): string[] =>
      checkDocument(document(`#cloud-config\n${lines}`)).map(
        ({ level, problem: { place, message } }) => `${place?.line}:${place?.column} ${level} ${message}`,
      );
    expect(said('coreos:\n  update:\n    reboot-strategy: off\n')).toStrictEqual([
      '4:5 warning "reboot-strategy" has a hyphen, and is not read',
    ]);
    expect(said('packages: [vim]\n')).toStrictEqual(['2:1 warning "packages" is not a key that is known here']);
    expect(said('coreos: {etcd: {discovery: nowhere}}\n')).toStrictEqual([
      '2:10 warning "etcd" should not be used any more',
      '2:28 warning "nowhere" is not an address for discovery',
    ]);
    expect(said('coreos: {write_files: []}\n')).toStrictEqual([
      '2:10 warning "write_files" is not a key that is known here',
      '2:10 info "write_files" does not belong below "coreos"',
    ]);
    expect(said('write_files: [{path: /run/a}]\n')).toStrictEqual(['2:22 info "/run/a" lasts until the next boot']);
    expect(said('hostname: a\nhostname: b\n')).toStrictEqual([
      '3:1 warning "hostname" is already in this mapping; the last one counts',
    ]);
  });

  it('refuses what would be read otherwise by a boot, or is made to be too much', () => {
    expect(problems('write_files: [{path: /etc/a, content: !!binary QQ==}]\n')).toStrictEqual([
      '2:48 "content" has a tag, which is not read here',
    ]);
    expect(problems('users:\n- &a {name: a}\n- {<<: *a}\n')).toStrictEqual([
      '4:3 this account has no name',
      '4:4 keys of another mapping cannot be taken in by "<<" here',
    ]);
    const bomb = Array.from({ length: 12 }, (_, at) => `a${at + 1}: &a${at + 1} [${`*a${at},`.repeat(10)}]`).join('\n');
    const [first] = problems(`a0: &a0 [x]\n${bomb}\nwrite_files: *a12\n`);
    expect(first).toMatch(/^\d+:\d+ the file has more than 200000 values$/);
    expect(problems(`hostname: ${'['.repeat(200)}${']'.repeat(200)}\n`)).toStrictEqual([
      '2:75 values are nested more than 64 deep',
    ]);
    expect(problems('hostname: *none\n')).toStrictEqual(['2:11 there is no anchor for the alias "none"']);
  });

  it('turns reboots off by stopping and masking who makes them', () => {
    const { actions } = renderDocument(document('#cloud-config\ncoreos: {update: {reboot_strategy: "off"}}\n'), null);
    expect(actions.map(({ verb, unit }) => `${verb} ${unit}`)).toStrictEqual([
      'restart update-engine.service',
      'stop locksmithd.service',
      'mask locksmithd.service',
    ]);
  });
});
