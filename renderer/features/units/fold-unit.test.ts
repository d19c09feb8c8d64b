import { expect, it } from 'vitest';
import type { HostsOfUnit, UnitFilesOverHosts } from '#shared/contract/unit.ts';
import { foldUnit, removableDropIns, stateWords, unitOnHosts, variantWords, wholeText } from './fold-unit.ts';

const dropIn = '/etc/systemd/system/docker.service.d/50-quarterdeck.conf';
const unit = (active: string) => ({
  name: 'docker.service',
  description: '',
  load: 'loaded',
  active,
  sub: '',
  job: '',
  since: null,
});
const live: HostsOfUnit = {
  hosts: [
    { host: 'n10', unit: unit('active') },
    { host: 'n2', unit: unit('active') },
    { host: 'n3', unit: unit('failed') },
    { host: 'n1', unit: unit('active') },
  ],
  without: ['n4', 'n5', 'n6'],
  unread: ['n7'],
};
const read = (host: string, variant: string | null, load = 'loaded', active = 'active', paths: string[] = []) => ({
  host,
  variant,
  load,
  active,
  unitFileState: '',
  paths,
  needDaemonReload: false,
  reason: null,
});
const files: UnitFilesOverHosts = {
  hosts: [
    read('n1', 'a'),
    read('n2', 'b', 'loaded', 'active', ['/usr/lib/systemd/system/docker.service', dropIn]),
    read('n3', 'a'),
    read('n10', 'a'),
    read('n4', 'a', 'loaded', 'inactive'),
    read('n5', null, 'not-found', 'inactive'),
  ],
  variants: {},
};
const hosts = unitOnHosts(live, files);

it('tells by state and by texts how a unit is over the hosts', () => {
  expect(stateWords(hosts)).toBe('1 failed · 3 active · 1 inactive · 1 not loaded · 1 not there · 1 not known');
  expect(variantWords(hosts)).toBe('4 same · 1 differs');
  expect(variantWords(unitOnHosts(live, null))).toBe('');
});

it('folds what is the same, the failed first, hosts by name', () => {
  const folded = foldUnit(hosts).map(({ state, variant, hosts: its }) => [state, variant, its.map(({ host }) => host)]);
  expect(folded).toEqual([
    ['failed', 'a', ['n3']],
    ['active', 'a', ['n1', 'n10']],
    ['active', 'b', ['n2']],
    ['inactive', 'a', ['n4']],
    ['not loaded', null, ['n6']],
    ['not there', null, ['n5']],
    ['not known', null, ['n7']],
  ]);
});

it('offers to remove the drop-ins that are not a package’s', () => {
  expect(removableDropIns(hosts)).toEqual([{ path: dropIn, hosts: ['n2'] }]);
});

it('puts the texts together as systemctl does', () => {
  expect(
    wholeText([
      { path: '/a', text: 'x' },
      { path: '/b', text: 'y\n' },
    ]),
  ).toBe('# /a\nx\n\n# /b\ny\n');
});
