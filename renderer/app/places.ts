import {
  Activity,
  Boxes,
  CloudDownload,
  Database,
  FileCog,
  LayoutGrid,
  Layers,
  MessageSquareText,
  RefreshCw,
  Settings,
} from 'lucide-react';
import { plainFleet, type Route } from '../state/routes.ts';

/** A place the rail leads to. */
export interface Place {
  readonly name: string;
  readonly view: Route['view'];
  readonly keys: string;
  readonly icon: typeof Activity;
  readonly about: string;
  readonly route: (cluster: string) => Route;
}

/** The views of a cluster, in the order of the rail. */
export const places: readonly Place[] = [
  {
    name: 'Fleet',
    view: 'fleet',
    keys: 'g f',
    icon: LayoutGrid,
    about: 'Every host, live',
    route: (cluster) => ({ view: 'fleet', cluster, query: plainFleet }),
  },
  {
    name: 'Ask',
    view: 'ask',
    keys: 'g a',
    icon: MessageSquareText,
    about: 'Run one command on many hosts',
    route: (cluster) => ({ view: 'ask', cluster, run: null }),
  },
  {
    name: 'Updates',
    view: 'updates',
    keys: 'g u',
    icon: RefreshCw,
    about: 'Groups and channels: who updates, when, how quickly',
    route: (cluster) => ({ view: 'updates', cluster, group: null }),
  },
  {
    name: 'Units',
    view: 'units',
    keys: 'g n',
    icon: Boxes,
    about: 'One unit across the whole fleet',
    route: (cluster) => ({ view: 'units', cluster, unit: null }),
  },
  {
    name: 'Config',
    view: 'config',
    keys: 'g c',
    icon: FileCog,
    about: 'Documents and their drift; one file over many hosts: compare, edit, plan',
    route: (cluster) => ({ view: 'config', cluster, tab: 'documents', document: null }),
  },
  {
    name: 'Changes',
    view: 'changes',
    keys: 'g h',
    icon: Layers,
    about: 'Changes on their way over the hosts, and those that are over',
    route: (cluster) => ({ view: 'changes', cluster, change: null }),
  },
  {
    name: 'etcd',
    view: 'etcd',
    keys: 'g e',
    icon: Database,
    about: 'Members, leader, sizes, alarms',
    route: (cluster) => ({ view: 'etcd', cluster }),
  },
  {
    name: 'Activity',
    view: 'activity',
    keys: 'g y',
    icon: Activity,
    about: 'Who did what, when, where',
    route: (cluster) => ({ view: 'activity', cluster, text: '' }),
  },
];

/** The cluster's own update server: found by its name, as few clusters have one. */
export const updateServicePlace: Place = {
  name: 'Update service',
  view: 'update-service',
  keys: 'g o',
  icon: CloudDownload,
  about: 'What this cluster’s own update server gives to Flatcar machines',
  route: (cluster) => ({ view: 'update-service', cluster, part: 'groups' }),
};

/** The settings of a cluster, at the foot of the rail. */
export const settingsPlace: Place = {
  name: 'Settings',
  view: 'settings',
  keys: 'g s',
  icon: Settings,
  about: 'Cluster file, mode, health thresholds, theme',
  route: (cluster) => ({ view: 'settings', cluster, tab: 'general' }),
};
