import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ConfigDocument, RenderedDocument } from '../../contract/document.ts';
import { toProblem } from '../../contract/problem.ts';
import { adoptFiles } from './adopt-files.ts';
import { renderDocument } from './render-document.ts';

const fixture = (name: string): string =>
  readFileSync(new URL(`../../../test/fixtures/provision/${name}`, import.meta.url), 'utf8');
const host = {
  host: 'a',
  privateIpv4: '10.0.0.3',
  publicIpv4: '10.9.0.3',
  privateIpv6: 'fd00::3',
  publicIpv6: 'fd01::3',
};

function document(format: 'cloud-config' | 'butane' | 'ignition', content: string): ConfigDocument {
  return { name: 'hall', format, targets: '', file: null, content };
}

const cloudConfig = document('cloud-config', fixture('web.cloud-config.yaml'));
const butane = document('butane', fixture('store.butane.yaml'));
const ignition = document('ignition', fixture('node.ignition.json'));

/** Adopts one text; a refusal is its words. */
function adopt(from: ConfigDocument, path: string, text: string | null): string {
  try {
    return adoptFiles(from, new Map([[path, text]])).content;
  } catch (error) {
    const { code, message } = toProblem(error);
    return `${code}: ${message}`;
  }
}

const files = (rendered: RenderedDocument): Map<string, string> =>
  new Map(rendered.files.map((file) => [file.path, JSON.stringify(file)]));
const comments = (text: string): string[] => text.match(/#.*$/gm) ?? [];

// Letters that YAML, JSON and the formats themselves read in their own way.
const hard = fc.constantFrom(
  ...'\n~\n\n~ ~  ~\t~#~: ~- ~"~\'~\\~|~>~%~{~}~*a~&a~---~...~$private_ipv4~\\$public_ipv4'.split('~'),
  ...'\r\n~\u0085~\u2028~\ufeff~\x07~ü~🙂~null~true~0644'.split('~'),
);
const text = fc
  .array(
    fc.oneof(
      hard,
      fc.string({ maxLength: 12 }).filter((word) => word.isWellFormed()),
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(''))
  .filter((one) => !one.includes('\0') && !/\{(PRIVATE|PUBLIC)_IPV[46]\}/.test(one));

describe('a document that takes over what a host has', () => {
  const places: [ConfigDocument, string][] = [
    [cloudConfig, '/etc/motd.d/hall.conf'],
    [cloudConfig, '/etc/sysctl.d/60-web.conf'],
    [cloudConfig, '/etc/web/token'],
    [cloudConfig, '/etc/systemd/system/docker.service.d/10-log.conf'],
    [cloudConfig, '/etc/systemd/network/10-rack.network'],
    [butane, '/etc/flatcar/update.conf'],
    [butane, '/etc/store/banner'],
    [butane, '/etc/systemd/network/20-data.network'],
    [ignition, '/etc/motd.d/hall.conf'],
  ];

  it.each(places)('says any text, and everything else as before (%#)', { timeout: 30_000 }, (from, path) => {
    fc.assert(
      fc.property(text, (wanted) => {
        const adopted = { ...from, content: adopt(from, path, wanted) };
        const before = files(renderDocument(from, host));
        const after = renderDocument(adopted, host);
        expect(after.files.find((file) => file.path === path)?.content).toBe(wanted);
        const now = files(after);
        before.delete(path);
        now.delete(path);
        expect([...now]).toStrictEqual([...before]);
        expect(comments(from.content).filter((one) => !adopted.content.includes(one))).toStrictEqual([]);
      }),
      { numRuns: 40 },
    );
  });

  it('changes the lines of that text alone', () => {
    const content = adopt(cloudConfig, '/etc/motd.d/hall.conf', 'hall 2, rack r8\nask Ines\n');
    expect(content).toBe(
      cloudConfig.content.replace('      hall 2, rack r7\n', '      hall 2, rack r8\n      ask Ines\n'),
    );
    const sysctl = adopt(cloudConfig, '/etc/sysctl.d/60-web.conf', 'net.core.somaxconn = 4096\n');
    expect(sysctl).toContain('    content: |   # as measured in May\n      net.core.somaxconn = 4096\n');
    const limits = adopt(
      butane,
      '/etc/systemd/system/store.service.d/10-limits.conf',
      '[Service]\nLimitNOFILE=infinity\n',
    );
    expect(limits).toBe(butane.content.replace('LimitNOFILE=65536', 'LimitNOFILE=infinity'));
    const banner = adopt(butane, '/etc/store/banner', 'hall 3\n');
    expect(banner).toBe(butane.content.replace('data:,hall%202%2C%20rack%20r9%0A', '"data:,hall%203%0A"'));
    const hostname = adopt(cloudConfig, '/etc/hostname', 'web-04\n');
    expect(hostname).toBe(cloudConfig.content.replace('hostname: web-03', 'hostname: web-04'));
  });

  it('takes over many files at once as one by one', { timeout: 30_000 }, () => {
    const paths = [
      '/etc/motd.d/hall.conf',
      '/etc/sysctl.d/60-web.conf',
      '/etc/web/token',
      '/etc/systemd/system/docker.service.d/10-log.conf',
    ];
    fc.assert(
      fc.property(fc.array(fc.option(text), { minLength: 4, maxLength: 4 }), (texts) => {
        const found = new Map(paths.map((path, index) => [path, texts[index] ?? null]));
        const together = adoptFiles(cloudConfig, found);
        const single = [...found].reduce(
          (from, [path, text]) => ({ ...from, content: adopt(from, path, text) }),
          cloudConfig,
        );
        const rendered = renderDocument(together, host);
        expect(files(rendered)).toStrictEqual(files(renderDocument(single, host)));
        for (const [path, text] of found)
          expect(rendered.files.find((file) => file.path === path)?.content ?? null).toBe(text);
      }),
      { numRuns: 40 },
    );
  });

  it('leaves out the entry of a file that is not there, with its comment on the same line only', () => {
    const token = adopt(cloudConfig, '/etc/web/token', null);
    expect(token).toBe(cloudConfig.content.replace(/ {2}- path: \/etc\/web\/token\n.*\n.*\n.*\n/, ''));
    const dropIn = adopt(cloudConfig, '/etc/systemd/system/docker.service.d/10-log.conf', null);
    expect(dropIn).toContain('      drop_ins:\n          []\n    - name: rpcbind.service\n');
    const unit = adopt(butane, '/etc/systemd/system/store.service', null);
    expect(unit).toContain('    - name: store.service\n      enabled: true\n      dropins:\n');
    const banner = adopt(butane, '/etc/store/banner', null);
    expect(renderDocument({ ...butane, content: banner }, host).files.map(({ path }) => path)).not.toContain(
      '/etc/store/banner',
    );
    expect(comments(banner)).toStrictEqual(comments(butane.content));
    const json = adopt(ignition, '/etc/motd.d/hall.conf', null);
    expect(renderDocument({ ...ignition, content: json }, host).problems).toStrictEqual([]);
    expect(files(renderDocument({ ...ignition, content: json }, host)).size).toBe(
      files(renderDocument(ignition, host)).size - 1,
    );
  });

  it('fills in a content that was not written', () => {
    const empty = document(
      'cloud-config',
      '#cloud-config\nwrite_files:\n  - path: /etc/a # here\n    permissions: "0600"\n',
    );
    expect(adopt(empty, '/etc/a', 'one\ntwo\n')).toBe(
      '#cloud-config\nwrite_files:\n  - path: /etc/a # here\n    content: |\n      one\n      two\n    permissions: "0600"\n',
    );
    const flow = document('cloud-config', '#cloud-config\nwrite_files: [{path: /etc/a}]\n');
    expect(adopt(flow, '/etc/a', 'one\n')).toBe('#cloud-config\nwrite_files: [{path: /etc/a, content: "one\\n"}]\n');
  });

  it('refuses, in words, what the text cannot say', () => {
    expect(adopt(cloudConfig, '/etc/web/address', 'listen on 10.0.0.3\n')).toMatch(
      /^unsupported: .* names an address of the host/,
    );
    expect(adopt(butane, '/etc/store/store.conf', 'listen = 10.0.0.3\n')).toMatch(
      /^unsupported: .* names an address of the host/,
    );
    expect(adopt(butane, '/etc/store/banner', 'at {PUBLIC_IPV4}')).toMatch(/^unsupported: .* words in braces/);
    expect(adopt(cloudConfig, '/etc/coreos/update.conf', 'GROUP=beta\n')).toMatch(
      /^unsupported: .* follows from other keys/,
    );
    expect(adopt(cloudConfig, '/etc/tmpfiles.d/quarterdeck-hall.conf', '')).toMatch(
      /^unsupported: .* no text of its own/,
    );
    expect(adopt(cloudConfig, '/etc/passwd', null)).toBe(cloudConfig.content);
    expect(adopt(ignition, '/etc/zincati/config.d/55-updates.toml', 'a')).toMatch(/^unsupported: /);
    expect(adopt(document('cloud-config', '#cloud-config\na: [\n'), '/etc/a', 'a')).toMatch(
      /^unsupported: hall has faults/,
    );
    expect(adopt(cloudConfig, '/etc/hostname', null)).toMatch(/^unsupported: /);
    const shared = '#cloud-config\nwrite_files:\n- {path: /etc/a, content: &c one}\n- {path: /etc/b, content: *c}\n';
    expect(adopt(document('cloud-config', shared), '/etc/b', 'two')).toMatch(/^unsupported: .* cannot hold this text/);
  });
});
