import { agoWords, columns } from './columns.ts';
import { hexDigits, seedOf } from '../../world/chance.ts';
import type { Role } from '../../world/roster.ts';
import type { CommandCall, CommandRun, CommandTable } from '../command.ts';
import { readFlags } from '../flags.ts';
import { complain, put } from './text-input.ts';

interface Container {
  readonly name: string;
  readonly image: string;
  readonly command: string;
  readonly ports: string;
  /** The unit that runs it; its state is the container's. */
  readonly unit: string | null;
}

const nodeExporter = {
  name: 'node-exporter',
  image: 'quay.io/prometheus/node-exporter:v1.9.1',
  command: '/bin/node_exporter',
  ports: '',
  unit: null,
};

const byRole: Record<Role, readonly Container[]> = {
  etcd: [
    {
      name: 'etcd-member',
      image: 'quay.io/coreos/etcd:v3.5.17',
      command: '/usr/local/bin/etcd',
      ports: '',
      unit: 'etcd-member.service',
    },
  ],
  lb: [nodeExporter],
  web: [
    {
      name: 'storefront',
      image: 'registry.fleet.internal/storefront:2026.46.1',
      command: '/app/server',
      ports: '8080/tcp',
      unit: 'storefront.service',
    },
    {
      name: 'session-cache',
      image: 'docker.io/valkey/valkey:8.1',
      command: 'valkey-server',
      ports: '6379/tcp',
      unit: 'session-cache.service',
    },
    nodeExporter,
  ],
  db: [],
  worker: [1, 2, 3].map((slot) => ({
    name: `order-worker-${slot}`,
    image: 'registry.fleet.internal/orders:2026.45.3',
    command: '/app/worker',
    ports: '',
    unit: `order-worker@${slot}.service`,
  })),
  build: [
    {
      name: 'registry-mirror',
      image: 'docker.io/library/registry:3',
      command: '/entrypoint.sh',
      ports: '5000/tcp',
      unit: 'registry-mirror.service',
    },
  ],
};

function rowsOf(call: CommandCall) {
  const { host } = call;
  return byRole[host.spec.role].map((container) => {
    const unit = container.unit === null ? null : host.systemd.get(container.unit);
    const sinceMs = unit?.sinceMs ?? host.systemd.bootedMs + 9000;
    const isUp = !unit || unit.active === 'active';
    const ago = agoWords(host.schedule.now() - sinceMs);
    return {
      ...container,
      id: hexDigits(seedOf(container.name, host.spec.seed), 64),
      state: isUp ? 'running' : 'exited',
      status: isUp ? `Up ${ago}` : `Exited (${unit?.end?.status ?? 0}) ${ago} ago`,
      startedS: Math.floor((sinceMs + host.clockOffsetMs) / 1000),
    };
  });
}

const containers: CommandRun = async (call) => {
  const flags = readFlags(call.words, ['format', 'f', 'filter', 'n']);
  const [verb, kind] = flags.rest;
  if (verb === '--version' || verb === 'version' || flags.has('version', 'v')) {
    await put(call, call.name === 'docker' ? 'Docker version 28.0.4, build b8034c0\n' : 'podman version 5.6.2\n');
    return 0;
  }
  if (verb === 'images') {
    const rows = rowsOf(call).map(({ image, id }) => [
      ...image.split(/:(?=[^/]+$)/),
      id.slice(0, 12),
      '2 weeks ago',
      '184MB',
    ]);
    await put(call, columns([['REPOSITORY', 'TAG', 'IMAGE ID', 'CREATED', 'SIZE'], ...rows], [], '   '));
    return 0;
  }
  if (verb !== 'ps' && !(verb === 'container' && (kind === 'ls' || kind === 'list'))) {
    return complain(call, `${call.name}: '${verb ?? ''}' is not simulated here; ps, images and version are`, 1);
  }
  const rows = rowsOf(call).filter(({ state }) => state === 'running' || flags.has('a', 'all'));
  const format = flags.value('format') ?? '';
  if (flags.has('q', 'quiet')) for (const { id } of rows) await put(call, `${id.slice(0, 12)}\n`);
  else if (format.includes('json')) {
    if (call.name === 'podman') {
      const all = rows.map((row) => ({
        Id: row.id,
        Names: [row.name],
        Image: row.image,
        State: row.state,
        Status: row.status,
        StartedAt: row.startedS,
      }));
      await put(call, `${JSON.stringify(all, null, 2)}\n`);
    } else
      for (const row of rows)
        await put(
          call,
          `${JSON.stringify({ ID: row.id.slice(0, 12), Names: row.name, Image: row.image, Command: `"${row.command}"`, State: row.state, Status: row.status, Ports: row.ports })}\n`,
        );
  } else if (format) {
    const fields: Record<string, (row: (typeof rows)[number]) => string> = {
      ID: ({ id }) => id.slice(0, 12),
      Names: ({ name }) => name,
      Image: ({ image }) => image,
      Status: ({ status }) => status,
      State: ({ state }) => state,
      Ports: ({ ports }) => ports,
    };
    const text = format.replace(/^table /, '').replaceAll('\\t', '\t');
    for (const row of rows)
      await put(call, `${text.replace(/\{\{\s*\.(\w+)\s*\}\}/g, (_, name: string) => fields[name]?.(row) ?? '')}\n`);
  } else {
    const shown = rows.map(({ id, image, command, status, ports, name }) => [
      id.slice(0, 12),
      image,
      `"${command}"`,
      status,
      ports,
      name,
    ]);
    await put(call, columns([['CONTAINER ID', 'IMAGE', 'COMMAND', 'STATUS', 'PORTS', 'NAMES'], ...shown], [], '   '));
  }
  return 0;
};

export const containerCommands: CommandTable = { docker: containers, podman: containers };
