import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ConfigDocument, exportFormats, type RenderedDocument } from '../../contract/document.ts';
import { checkDocument } from './check-document.ts';
import { exportDocuments } from './export-documents.ts';
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

function bundle(format: 'cloud-config' | 'butane' | 'ignition', content: string): ConfigDocument {
  return { name: 'hall', format, targets: '', file: null, content };
}
const cloudConfig = bundle('cloud-config', fixture('web.cloud-config.yaml'));
const butane = bundle('butane', fixture('store.butane.yaml'));
const ignition = bundle('ignition', fixture('node.ignition.json'));

const formatOf = { 'butane-flatcar': 'butane', 'butane-fcos': 'butane', 'cloud-config': 'cloud-config' } as const;

/** Files as a host would have them: what is not said of mode and owner is 644 and root. Accounts' files bear the document's name. */
function filesOf(rendered: readonly RenderedDocument[]): Map<string, string> {
  return new Map(
    rendered
      .flatMap(({ files }) => files)
      .map(({ path, content, mode, owner }) => {
        const { uid, gid } = owner ?? { uid: 0, gid: 0 };
        return [path, JSON.stringify([content, (mode ?? '644').padStart(4, '0'), uid, gid])] as const;
      })
      .toSorted(([a], [b]) => (a < b ? -1 : 1)),
  );
}

const stepsOf = ({ actions }: RenderedDocument): string[] =>
  actions.map(({ verb, unit }) => `${verb} ${unit}`).toSorted();

const hard = fc.constantFrom(
  ...'\n~\n\n~ ~  ~\t~#~: ~- ~"~\'~\\~|~>~%~*a~---~$private_ipv4~\\$public_ipv4~\r\n~\u2028~\ufeff~ü~null'.split('~'),
);
const content = fc
  .array(
    fc.oneof(
      hard,
      fc.string({ maxLength: 8 }).filter((word) => word.isWellFormed()),
    ),
    { maxLength: 10 },
  )
  .map((parts) => parts.join(''))
  .filter((one) => !one.includes('\0') && !/\{(PRIVATE|PUBLIC)_IPV[46]\}/.test(one));
const file = fc.record({
  path: fc.constantFrom(
    ...'/etc/a /etc/hostname /etc/b.conf /etc/systemd/system/a.service /etc/systemd/system/a.service.d/10-a.conf'.split(
      ' ',
    ),
    ...'/etc/systemd/system/b@.service /etc/systemd/network/10-a.network /etc/systemd/system/x.d/a.conf /opt/x'.split(
      ' ',
    ),
    '/etc/with blank',
    '/etc/ünicode#1',
  ),
  mode: fc.constantFrom(null, '644', '0644', '600', '1777', '755'),
  owner: fc.constantFrom(null, { uid: 0, gid: 0 }, { uid: 1400, gid: 0 }, { uid: 0, gid: 1400 }),
  content,
});
const documents = fc.uniqueArray(file, { selector: ({ path }) => path, maxLength: 6 }).map((files) =>
  files.map(
    ({ path, mode, owner, content }, index): ConfigDocument => ({
      name: `d${index}`,
      format: 'file',
      targets: '',
      file: { path, mode, owner, actions: [] },
      content,
    }),
  ),
);

describe('documents as one text to provision with', () => {
  it.each(exportFormats)('says in %s the same files as the documents', (format) => {
    fc.assert(
      fc.property(documents, (set) => {
        const { text } = exportDocuments(set, format, host);
        const exported: ConfigDocument = { ...cloudConfig, format: formatOf[format], content: text };
        expect(checkDocument(exported)).toStrictEqual([]);
        const now = filesOf([renderDocument(exported, host)]);
        expect([...now]).toStrictEqual([...filesOf(set.map((one) => renderDocument(one, host)))]);
        expect(exportDocuments(set.toReversed(), format, host).text).toBe(text);
      }),
      { numRuns: 100 },
    );
  });

  it.each([
    [cloudConfig, 'cloud-config'],
    [butane, 'butane-flatcar'],
    [butane, 'butane-fcos'],
    [ignition, 'butane-fcos'],
    [ignition, 'butane-flatcar'],
  ] as const)('says files, units and accounts of an example again (%#)', (document, format) => {
    const { text } = exportDocuments([document], format, host);
    const again = renderDocument({ ...document, format: formatOf[format], content: text }, host);
    const before = renderDocument(document, host);
    expect(again.problems).toStrictEqual([]);
    expect([...filesOf([again])]).toStrictEqual([...filesOf([before])]);
    expect(stepsOf(again)).toStrictEqual(stepsOf(before));
  });

  it('keeps placeholders where no host is meant', () => {
    const { text } = exportDocuments([cloudConfig], 'cloud-config', null);
    expect(text).toContain('$private_ipv4');
    const again = renderDocument({ ...cloudConfig, content: text }, host);
    expect([...filesOf([again])]).toStrictEqual([...filesOf([renderDocument(cloudConfig, host)])]);
    const escaped = bundle(
      'cloud-config',
      '#cloud-config\nwrite_files:\n- path: /etc/a\n  content: |\n    \\$private_ipv4\n    $public_ipv4\n- path: /etc/b\n  content: \\$private_ipv4 $public_ipv4\n',
    );
    const kept = exportDocuments([escaped], 'cloud-config', null).text;
    expect(renderDocument({ ...escaped, content: kept }, host).files).toStrictEqual(
      renderDocument(escaped, host).files,
    );
  });

  it('says what the text cannot hold', () => {
    expect(exportDocuments([cloudConfig], 'butane-flatcar', null).notes).toStrictEqual([
      'Left out (hall, line 9): Password of deploy.',
      '/etc/web/address names an address of its host, which Butane does not put in.',
      '/etc/coreos/update.conf is /etc/flatcar/update.conf on Flatcar, where /etc/coreos is a link.',
      'web.service names an address of its host, which Butane does not put in.',
      '"restart" of update-engine.service is left out: a first boot starts what is enabled, and nothing else.',
      'flanneld.service names an address of its host, which Butane does not put in.',
    ]);
    expect(exportDocuments([butane], 'cloud-config', host).notes).toStrictEqual([
      'Left out (hall, line 21): Disk /dev/sdb.',
      'Left out (hall, line 27): File system /dev/disk/by-partlabel/DATA.',
      'Left out (hall, line 14): Password of the account backup.',
      'Left out (hall, line 32): Folder "/var/data/spool".',
      'Left out (hall, line 56): File "/opt/store/bin".',
      'Left out (hall, line 91): Kernel arguments.',
      'The account backup gets its number from the host, not 1400: cloud-config has no place for it.',
      'The group store is left out: cloud-config makes no groups; create it with a file in /etc/sysusers.d.',
      'chronyd.service is not disabled: cloud-config can only enable units.',
    ]);
    const twice = [cloudConfig, { ...ignition, name: 'node' }];
    expect(exportDocuments(twice, 'butane-fcos', host).notes).toContain(
      '/etc/motd.d/hall.conf is in hall and in node; that of node counts.',
    );
    const broken = exportDocuments([bundle('butane', 'variant: fcos\n')], 'cloud-config', null);
    expect(broken).toStrictEqual({
      text: '#cloud-config\n',
      notes: ['Left out (hall, line 1): the version is missing.'],
    });
  });
});
