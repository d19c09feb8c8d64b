/** The tabs of a host's page. */
export const hostTabs = ['overview', 'units', 'updates', 'config', 'facts', 'connection'] as const;
export type HostTab = (typeof hostTabs)[number];

/** The tabs of a cluster's settings. */
export const settingsTabs = ['general', 'health', 'file'] as const;
export type SettingsTab = (typeof settingsTabs)[number];

/** The parts of the configuration view. */
export const configTabs = ['documents', 'compare', 'matrix'] as const;
export type ConfigTab = (typeof configTabs)[number];

/** The parts of a document's page. */
export const documentParts = ['text', 'revisions', 'drift'] as const;
export type DocumentPart = (typeof documentParts)[number];

/** The parts of the update service. */
export const serviceParts = ['groups', 'channels', 'packages', 'instances', 'activity'] as const;
export type ServicePart = (typeof serviceParts)[number];
/** What of an update group is open. */
export const groupParts = ['hosts', 'policy', 'roll-out'] as const;
export type GroupPart = (typeof groupParts)[number];

/** How the fleet is shown: part of its address, so that a link shows a colleague the same. */
export interface FleetQuery {
  readonly filter: string;
  readonly layout: 'table' | 'honeycomb';
  /** `''`, `os`, `channel`, `state` or `label:<key>`. */
  readonly groupBy: string;
  readonly sort: { readonly column: string; readonly descending: boolean };
  /** The host in the preview pane. */
  readonly preview: string | null;
}

export const plainFleet: FleetQuery = {
  filter: '',
  layout: 'table',
  groupBy: '',
  sort: { column: 'name', descending: false },
  preview: null,
};

/** Which units of a host are listed: part of the address, too. */
export interface UnitQuery {
  /** As `service`, or `all`. */
  readonly type: string;
  /** In the name or the description. */
  readonly text: string;
  /** `failed` and the like; null is any. */
  readonly active: string | null;
}

export const plainUnits: UnitQuery = { type: 'service', text: '', active: null };

/** Everything the window can show, one address each. */
export type Route =
  | { readonly view: 'start' }
  | { readonly view: 'add'; readonly from: 'ssh-config' | 'ansible' | 'list' | 'file' }
  | { readonly view: 'fleet'; readonly cluster: string; readonly query: FleetQuery }
  | {
      readonly view: 'host';
      readonly cluster: string;
      readonly host: string;
      readonly tab: HostTab;
      readonly unit: string | null;
      /** On the tab of the units; the services when left out. */
      readonly units?: UnitQuery;
    }
  | { readonly view: 'ask'; readonly cluster: string; readonly run: string | null }
  | {
      readonly view: 'config';
      readonly cluster: string;
      readonly tab: 'documents';
      /** Null is the list of them. */
      readonly document: string | null;
      /** The text when left out. */
      readonly part?: DocumentPart;
      /** Which hosts of the drift are shown unfolded. */
      readonly state?: string;
    }
  /** One file over many hosts, as text or setting by setting; empty while none is chosen. */
  | {
      readonly view: 'config';
      readonly cluster: string;
      readonly tab: 'compare' | 'matrix';
      readonly path: string;
      /** Which hosts, when a link names them; else the selection, or all. */
      readonly filter?: string;
    }
  /** One unit over the whole fleet; null is the list of them. */
  | { readonly view: 'units'; readonly cluster: string; readonly unit: string | null }
  /** The channel board; with a group, or one of its channels, open beside it. */
  | {
      readonly view: 'updates';
      readonly cluster: string;
      /** `-` are the hosts of no group, `+` is a group to be made. */
      readonly group: string | null;
      /** `agent/channel`; all of the group when left out. */
      readonly channel?: string;
      /** The hosts when left out. */
      readonly part?: GroupPart;
    }
  | { readonly view: 'changes'; readonly cluster: string; readonly change: string | null }
  | {
      readonly view: 'activity';
      readonly cluster: string;
      readonly text: string;
      /** Of all clusters, not only of this one. */
      readonly all?: true;
      /** How the hash of the open entry begins. */
      readonly entry?: string;
    }
  | { readonly view: 'etcd'; readonly cluster: string }
  /** What this cluster's own update server gives to machines; `group` picks the instances of one. */
  | { readonly view: 'update-service'; readonly cluster: string; readonly part: ServicePart; readonly group?: string }
  /** The server that hosts ask for updates; null is all of its applications and groups. */
  | {
      readonly view: 'update-server';
      readonly cluster: string;
      readonly of: { readonly app: string; readonly group: string } | null;
    }
  | { readonly view: 'settings'; readonly cluster: string; readonly tab: SettingsTab };

/** Characters of a filter. Those of other scripts take up to nine each in a link, which is then said to be too long. */
const longestFilter = 1000;

/** The cluster a route is about, or null. */
export function clusterOf(route: Route): string | null {
  return 'cluster' in route ? route.cluster : null;
}

/** The fragment of a route, `#/c/lab/fleet?q=…`. */
export function printRoute(route: Route): string {
  const at = (...parts: string[]) => `#/${parts.map(encodeURIComponent).join('/')}`;
  switch (route.view) {
    case 'start':
      return '#/';
    case 'add':
      return at('add', route.from);
    case 'fleet':
      return at('c', route.cluster, 'fleet') + printFleet(route.query);
    case 'host': {
      const rest = route.tab === 'overview' ? [] : [route.tab, ...(route.unit === null ? [] : [route.unit])];
      return at('c', route.cluster, 'host', route.host, ...rest) + printUnits(route.units ?? plainUnits);
    }
    case 'ask':
      return at('c', route.cluster, 'ask', ...(route.run === null ? [] : [route.run]));
    case 'config':
      return route.tab === 'documents'
        ? printDocument(route)
        : at('c', route.cluster, 'config', route.tab) + printQuery({ path: route.path, q: route.filter ?? '' });
    case 'units':
      return at('c', route.cluster, 'units', ...(route.unit === null ? [] : [route.unit]));
    case 'updates': {
      const { group, part = 'hosts' } = route;
      const rest = group === null ? [] : [group, ...(part === 'hosts' ? [] : [part])];
      return at('c', route.cluster, 'updates', ...rest) + printQuery({ channel: route.channel ?? '' });
    }
    case 'changes':
      return at('c', route.cluster, 'changes', ...(route.change === null ? [] : [route.change]));
    case 'activity':
      return at('c', route.cluster, 'activity') + printActivity(route);
    case 'etcd':
      return at('c', route.cluster, 'etcd');
    case 'update-service':
      return (
        at('c', route.cluster, 'updates', 'service', ...(route.part === 'groups' ? [] : [route.part])) +
        printQuery({ group: route.group ?? '' })
      );
    case 'update-server': {
      const of = route.of === null ? [] : [route.of.app, route.of.group];
      return at('c', route.cluster, 'updates', 'server', ...of);
    }
    case 'settings':
      return at('c', route.cluster, 'settings', ...(route.tab === 'general' ? [] : [route.tab]));
    default:
      return route satisfies never;
  }
}

/** The route of a fragment or of a `quarterdeck://` link; anything unknown leads to the nearest view that exists. */
export function parseRoute(address: string): Route {
  const [path = '', query = ''] = address.replace(/^(quarterdeck:\/\/|#)\/?/, '').split(/\?(.*)/s);
  const [top = '', first = '', view = '', ...rest] = path.split('/').map(decoded);
  if (top === 'add')
    return { view: 'add', from: oneOf(first, ['ssh-config', 'ansible', 'list', 'file'], 'ssh-config') };
  if (top !== 'c' || first === '') return { view: 'start' };
  const values = new URLSearchParams(query);
  const cluster = first;
  switch (view) {
    case 'host': {
      const [host = '', tab = '', unit = null] = rest;
      if (host === '') break;
      if (tab === 'units') return { view, cluster, host, tab, unit, ...parseUnits(values) };
      return { view, cluster, host, tab: oneOf(tab, hostTabs, 'overview'), unit: null };
    }
    case 'ask':
      return { view, cluster, run: rest[0] || null };
    case 'config':
      return parseConfig(cluster, rest, values);
    case 'units':
      return { view, cluster, unit: rest[0] || null };
    case 'updates': {
      const [group = '', part = ''] = rest;
      if (group === 'server' || group === 'service') return parseServers(cluster, rest, values);
      const channel = (values.get('channel') ?? '').slice(0, 300);
      const known = groupParts.find((one) => one === part);
      return {
        view,
        cluster,
        group: group || null,
        ...(channel && group && { channel }),
        ...(known && known !== 'hosts' && { part: known }),
      };
    }
    case 'changes':
      return { view, cluster, change: rest[0] || null };
    case 'activity':
      return parseActivity(cluster, values);
    case 'etcd':
      return { view, cluster };
    case 'settings':
      return { view, cluster, tab: oneOf(rest[0] ?? '', settingsTabs, 'general') };
  }
  return { view: 'fleet', cluster, query: parseFleet(values) };
}

/** The two places beside the groups of updates; no group is called as they are. */
function parseServers(cluster: string, [place, ...rest]: readonly string[], values: URLSearchParams): Route {
  if (place === 'server') {
    const [app = '', group = ''] = rest;
    return { view: 'update-server', cluster, of: app === '' || group === '' ? null : { app, group } };
  }
  const group = /^[0-9a-f-]{36}$/.exec(values.get('group') ?? '')?.[0];
  const part = oneOf(rest[0] ?? '', serviceParts, 'groups');
  return { view: 'update-service', cluster, part, ...(part === 'instances' && group && { group }) };
}

function printDocument({ cluster, document, part, state }: Extract<Route, { readonly tab: 'documents' }>): string {
  const base = ['c', cluster, 'config'];
  if (document !== null) base.push('documents', document, ...(part && part !== 'text' ? [part] : []));
  return `#/${base.map(encodeURIComponent).join('/')}${printQuery({ state: state ?? '' })}`;
}

/** The route as a link that another person's console opens. */
export function deepLink(route: Route): string {
  return `quarterdeck://${printRoute(route).slice(2)}`;
}

function printFleet({ filter, layout, groupBy, sort, preview }: FleetQuery): string {
  const plain = sort.column === plainFleet.sort.column && !sort.descending;
  return printQuery({
    q: filter,
    layout: layout === 'table' ? '' : layout,
    group: groupBy,
    sort: plain ? '' : `${sort.descending ? '-' : ''}${sort.column}`,
    preview: preview ?? '',
  });
}

function parseFleet(values: URLSearchParams): FleetQuery {
  const sort = values.get('sort') || plainFleet.sort.column;
  return {
    filter: (values.get('q') ?? '').slice(0, longestFilter),
    layout: values.get('layout') === 'honeycomb' ? 'honeycomb' : 'table',
    groupBy: values.get('group') ?? '',
    sort: { column: sort.replace(/^-/, ''), descending: sort.startsWith('-') },
    preview: values.get('preview') || null,
  };
}

function printUnits({ type, text, active }: UnitQuery): string {
  return printQuery({ q: text, type: type === plainUnits.type ? '' : type, state: active ?? '' });
}

function parseUnits(values: URLSearchParams): { units?: UnitQuery } {
  const of = (name: string, longest: number) => (values.get(name) ?? '').slice(0, longest);
  const [text, type, active] = [of('q', 200), of('type', 40), of('state', 40)];
  if (`${text}${type}${active}` === '') return {};
  return { units: { text, type: type || plainUnits.type, active: active || null } };
}

function printActivity({ text, all, entry }: Extract<Route, { readonly view: 'activity' }>): string {
  return printQuery({ q: text, of: all ? 'all' : '', entry: entry ?? '' });
}

function parseActivity(cluster: string, values: URLSearchParams): Route {
  const entry = /^[0-9a-f]{12,64}$/.exec(values.get('entry') ?? '')?.[0];
  return {
    view: 'activity',
    cluster,
    text: (values.get('q') ?? '').slice(0, 200),
    ...(values.get('of') === 'all' && { all: true as const }),
    ...(entry && { entry }),
  };
}

function parseConfig(
  cluster: string,
  [first = '', document = '', part = '']: string[],
  values: URLSearchParams,
): Route {
  const tab = oneOf(first, configTabs, 'documents');
  if (tab === 'documents') {
    const known = documentParts.find((one) => one === part);
    const state = (values.get('state') ?? '').slice(0, 40);
    return {
      view: 'config',
      cluster,
      tab,
      document: document || null,
      ...(known && known !== 'text' && { part: known }),
      ...(state && { state }),
    };
  }
  const filter = (values.get('q') ?? '').slice(0, longestFilter);
  const path = (values.get('path') ?? '').slice(0, 1024);
  return { view: 'config', cluster, tab, path, ...(filter && { filter }) };
}

function printQuery(values: Record<string, string>): string {
  const set = Object.entries(values).filter(([, value]) => value !== '');
  return set.length === 0 ? '' : `?${new URLSearchParams(set).toString()}`;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function oneOf<T extends string>(value: string, all: readonly T[], otherwise: T): T {
  return all.find((one) => one === value) ?? otherwise;
}
