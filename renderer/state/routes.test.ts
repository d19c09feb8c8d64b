import { describe, expect, it } from 'vitest';
import { deepLink, parseRoute, plainFleet, printRoute, type Route } from './routes.ts';

const routes: Route[] = [
  { view: 'start' },
  { view: 'add', from: 'ansible' },
  { view: 'fleet', cluster: 'lab', query: plainFleet },
  {
    view: 'fleet',
    cluster: 'lab',
    query: {
      filter: 'label:role=web cpu>80 "a b" 100%',
      layout: 'honeycomb',
      groupBy: 'label:role',
      sort: { column: 'cpu', descending: true },
      preview: 'web-01',
    },
  },
  { view: 'host', cluster: 'lab', host: 'web-01.example', tab: 'overview', unit: null },
  { view: 'host', cluster: 'lab', host: 'a#b?c%', tab: 'units', unit: 'dev-disk-by\\x2duuid-1.swap' },
  {
    view: 'host',
    cluster: 'lab',
    host: 'web-01',
    tab: 'units',
    unit: null,
    units: { type: 'all', text: 'ssh & co', active: 'failed' },
  },
  { view: 'ask', cluster: 'lab', run: null },
  { view: 'ask', cluster: 'lab', run: 'r1' },
  { view: 'config', cluster: 'lab', tab: 'documents', document: null },
  { view: 'config', cluster: 'lab', tab: 'documents', document: 'sysctl.fleet' },
  { view: 'config', cluster: 'lab', tab: 'documents', document: 'a', part: 'drift', state: 'same' },
  { view: 'activity', cluster: 'lab', text: 'restart nginx' },
  { view: 'activity', cluster: 'lab', text: '', all: true, entry: '0123456789abcdef' },
  { view: 'etcd', cluster: 'lab' },
  { view: 'update-service', cluster: 'lab', part: 'groups' },
  {
    view: 'update-service',
    cluster: 'lab',
    part: 'instances',
    group: '00000000-0000-4000-8000-000000000020',
  },
  { view: 'settings', cluster: 'lab', tab: 'file' },
];

describe('routes', () => {
  it.each(routes)('$view survives its address', (route) => {
    expect(parseRoute(printRoute(route))).toEqual(route);
    expect(parseRoute(deepLink(route))).toEqual(route);
  });

  it('reads the addresses that the documentation promises', () => {
    expect(parseRoute('#/c/lab/fleet?q=state%3Afailing')).toMatchObject({
      view: 'fleet',
      query: { filter: 'state:failing' },
    });
    expect(parseRoute('quarterdeck://c/lab/host/db-1/units/etcd.service')).toEqual({
      view: 'host',
      cluster: 'lab',
      host: 'db-1',
      tab: 'units',
      unit: 'etcd.service',
    });
  });

  it.each(['', '#', '#/', '#/nonsense', '#/c/', '#/c'])('%j is the start', (address) => {
    expect(parseRoute(address)).toEqual({ view: 'start' });
  });

  it('falls back to the nearest view instead of failing', () => {
    expect(parseRoute('#/c/lab/nosuch')).toMatchObject({ view: 'fleet' });
    expect(parseRoute('#/c/lab/host/')).toMatchObject({ view: 'fleet' });
    expect(parseRoute('#/c/lab/host/%E0%A4%A/nosuch')).toMatchObject({
      view: 'host',
      host: '%E0%A4%A',
      tab: 'overview',
    });
  });
});
