import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Scope } from '#core/lib/scope.ts';

type Thing = Record<string, unknown> & { id: string };

/**
 * STAND-IN for a Nebraska server: made from its published REST interface, not the program itself. Answers over real HTTP on
 * loopback, by the names of the wire: paging, empty bodies with 400 for an unknown application, PUT replaces.
 */
export interface NebraskaStandIn {
  readonly url: string;
  readonly app: Thing;
  readonly groups: Thing[];
  readonly channels: Thing[];
  readonly packages: Thing[];
  readonly instances: Thing[];
  readonly activities: Record<string, unknown>[];
  /** Every request: method, path, body. */
  readonly asked: { method: string; path: string; body: string; token: string }[];
  /** What it does in place of answering; null answers. */
  disturb: ((request: IncomingMessage, response: ServerResponse) => boolean) | null;
  /** Null wants no token (`noop`). */
  token: string | null;
  /** Such a token may look only. */
  readonly viewerToken: string;
}

export const appId = 'e96281a6-d1af-4bde-9a0a-97b76e56dc57';
const created = '2026-02-03T09:00:00Z';
const perPageLeast = 10;

/** Starts one with two groups, two channels and three packages; over HTTPS with a certificate and its key in PEM. */
export async function startNebraska(
  scope: Scope,
  tls: { readonly cert: Buffer; readonly key: Buffer } | null = null,
): Promise<NebraskaStandIn> {
  const stand: Omit<NebraskaStandIn, 'url'> & { url: string } = { url: '', ...seed() };
  const listener = (request: IncomingMessage, response: ServerResponse) => void answer(stand, request, response);
  const server = tls ? createSecureServer(tls, listener) : createServer(listener);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  scope.add(() => {
    server.closeAllConnections();
    server.close();
  });
  stand.url = `${tls ? 'https' : 'http'}://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return stand;
}

function seed(): Omit<NebraskaStandIn, 'url'> {
  const packages = ['4152.2.0', '4230.2.1', '4300.0.0'].map(
    (version, at): Thing => ({
      id: `package-${at + 1}`,
      type: 1,
      version,
      url: `https://files.example/${version}/`,
      filename: 'update.gz',
      description: '',
      size: '524288000',
      hash: 'aGFzaA==',
      created_ts: created,
      channels_blacklist: null,
      application_id: appId,
      arch: 1,
    }),
  );
  const channel = (id: string, name: string, color: string, of: string): Thing => ({
    id,
    name,
    color,
    created_ts: created,
    application_id: appId,
    package_id: of,
    arch: 1,
  });
  const group = (id: string, name: string, channel: string, moving: boolean): Thing => ({
    id,
    name,
    description: '',
    created_ts: created,
    rollout_in_progress: moving,
    application_id: appId,
    channel_id: channel,
    policy_updates_enabled: true,
    policy_safe_mode: true,
    policy_office_hours: false,
    policy_timezone: 'Europe/Rome',
    policy_period_interval: '15 minutes',
    policy_max_updates_per_period: 2,
    policy_update_timeout: '60 minutes',
    track: name,
  });
  return {
    app: { id: appId, product_id: 'io.example.os', name: 'Flatcar', description: '', instances: { count: 3 } },
    groups: [group('group-1', 'prod-eu', 'channel-1', true), group('group-2', 'beta', 'channel-2', false)],
    channels: [
      channel('channel-1', 'stable', '#1fbb86', 'package-2'),
      channel('channel-2', 'beta', '#fcc800', 'package-2'),
    ],
    packages,
    instances: [],
    activities: [],
    asked: [],
    disturb: null,
    token: null,
    viewerToken: 'viewer',
  };
}

/** An instance as machines register it. */
export function instanceOf(id: string, status: number | null, version: string, group = 'group-1'): Thing {
  return {
    id,
    ip: '10.0.3.17',
    alias: '',
    oem: 'qemu',
    aleph_version: '4081.2.0',
    created_ts: created,
    application: {
      instance_id: id,
      application_id: appId,
      group_id: group,
      version,
      created_ts: created,
      status,
      last_check_for_updates: new Date().toISOString(),
      last_update_granted_ts: null,
      last_update_version: status === null ? null : '4230.2.1',
      update_in_progress: status !== null && status > 4 && status < 8,
    },
  };
}

async function answer(stand: NebraskaStandIn, request: IncomingMessage, response: ServerResponse): Promise<void> {
  let body = '';
  for await (const chunk of request) body += String(chunk);
  const { method = '', url = '', headers } = request;
  const token = (headers.authorization ?? '').replace(/^Bearer /, '');
  stand.asked.push({ method, path: url, body, token });
  if (stand.disturb?.(request, response)) return;
  const [status, value] = reply(stand, method, new URL(url, 'http://stand.in'), body, token);
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(value === undefined ? '' : JSON.stringify(value));
}

type Reply = readonly [status: number, value?: unknown];

function reply(stand: NebraskaStandIn, method: string, url: URL, body: string, token: string): Reply {
  const [top, kind = '', ...rest] = url.pathname.split('/').slice(1).map(decodeURIComponent);
  if (top === 'config')
    return [200, { title: '', auth_mode: stand.token === null ? 'noop' : 'oidc', nebraska_version: '2.11.0' }];
  if (top !== 'api') return [404];
  if (stand.token !== null && token !== stand.token && token !== stand.viewerToken) return [401];
  if (stand.token !== null && token === stand.viewerToken && method !== 'GET') return [403];
  if (kind === 'activity') {
    if (!url.searchParams.get('start') || !url.searchParams.get('end')) return [400];
    return [200, page(url, 'activities', stand.activities)];
  }
  if (kind === 'instances') return writeAlias(stand, rest[0] ?? '', body);
  if (kind === 'channels') return rest[1] === 'floors' ? [200, page(url, 'packages', [])] : [404];
  if (kind !== 'apps') return [404];
  const [app, list = '', id, sub = '', instance] = rest;
  if (app === undefined) return [200, page(url, 'applications', [stand.app])];
  if (app !== stand.app.id && app !== stand.app['product_id']) return [400];
  if (list === '') return [200, stand.app];
  if (list !== 'groups' && list !== 'channels' && list !== 'packages') return [404];
  const things = stand[list];
  if (id === undefined) {
    if (method === 'GET')
      return [200, page(url, list, list === 'packages' ? things : things.map((thing) => nested(stand, thing)))];
    const made = { id: `${list}-${things.length + 1}`, created_ts: created, ...(JSON.parse(body) as object) };
    things.push(made);
    return [200, nested(stand, made)];
  }
  const at = things.findIndex((thing) => thing.id === id);
  const thing = things[at];
  if (!thing) return [404];
  if (list === 'groups' && sub !== '') return ofGroup(stand, url, thing, sub, instance);
  if (method === 'GET') return [200, nested(stand, thing)];
  const { id: kept, created_ts, application_id, rollout_in_progress } = thing;
  things[at] = { id: kept, created_ts, application_id, rollout_in_progress, ...(JSON.parse(body) as object) };
  return [200, nested(stand, things[at])];
}

function ofGroup(stand: NebraskaStandIn, url: URL, group: Thing, sub: string, id: string | undefined): Reply {
  const here = stand.instances.filter((one) => appOf(one)['group_id'] === group.id);
  if (sub === 'instances' && id !== undefined) {
    const found = here.find((one) => one.id === id);
    return found ? [200, found] : [404];
  }
  if (sub === 'version_breakdown') {
    const versions = new Map<string, number>();
    for (const one of here)
      versions.set(String(appOf(one)['version']), (versions.get(String(appOf(one)['version'])) ?? 0) + 1);
    return [
      200,
      versions.size === 0 ? null : [...versions].map(([version, instances]) => ({ version, instances, percentage: 0 })),
    ];
  }
  if (!/^(1h|1d|7d|30d)$/.test(url.searchParams.get('duration') ?? '')) return [400];
  if (sub === 'instances') {
    if (url.searchParams.get('status') === null) return [400];
    const { totalCount, instances } = page(url, 'instances', here);
    return [200, { total: totalCount, instances }];
  }
  if (sub !== 'instances_stats') return [404];
  const names = [
    'undefined',
    'update_granted',
    'error',
    'complete',
    'installed',
    'downloaded',
    'downloading',
    'onhold',
  ];
  const counted = names.map((name, at) => [name, here.filter((one) => (appOf(one)['status'] ?? 1) === at + 1).length]);
  return [200, { total: here.length, ...(Object.fromEntries(counted) as object) }];
}

function writeAlias(stand: NebraskaStandIn, id: string, body: string): Reply {
  const found = stand.instances.find((one) => one.id === id);
  if (!found) return [404];
  found['alias'] = (JSON.parse(body) as { alias: string }).alias;
  return [200, found];
}

/** Things with what they point at inside, as the server nests them. */
function nested(stand: NebraskaStandIn, thing: Thing): Thing {
  const of = stand.packages.find(({ id }) => id === thing['package_id']);
  const channel = stand.channels.find(({ id }) => id === thing['channel_id']);
  return { ...thing, ...(of && { package: of }), ...(channel && { channel: nested(stand, channel) }) };
}

function page(url: URL, name: string, all: readonly unknown[]): Record<string, unknown> {
  const [at, size] = [Number(url.searchParams.get('page') ?? 1), Number(url.searchParams.get('perpage') ?? 0)];
  const per = Math.max(perPageLeast, size);
  const items = all.slice((at - 1) * per, at * per);
  return { totalCount: all.length, count: items.length, [name]: items.length === 0 ? null : items };
}

function appOf(instance: Thing): Record<string, unknown> {
  return instance['application'] as Record<string, unknown>;
}
