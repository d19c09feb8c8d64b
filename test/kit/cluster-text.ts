import type { Lab } from './lab.ts';

/** A cluster file for the lab, as a person would write it. */
export function labCluster(
  lab: Lab,
  more: { mode?: 'observe' | 'operate'; hosts?: readonly string[]; etcd?: boolean; user?: string } = {},
): string {
  const { env } = lab;
  const hosts = env.hosts.filter(({ name }) => !more.hosts || more.hosts.includes(name));
  const lines = [
    'name: Lab',
    'colour: teal',
    `mode: ${more.mode ?? 'operate'}`,
    ...(more.etcd === false || env.etcd.endpoints.length === 0
      ? []
      : ['etcd:', '  endpoints:', ...env.etcd.endpoints.map((url) => `    - ${url}`)]),
    'ssh:',
    `  user: ${more.user ?? env.user}`,
    `  keys: [${env.key}]`,
    '  agent: false',
    `  knownHosts: [${env.knownHosts}]`,
    // How busy the machine is that all of these share is no part of a test.
    'health:',
    '  holdSeconds: 600',
    'hosts:',
    ...hosts.flatMap(({ name, address, port, os, via }) => [
      `  - name: ${name}`,
      `    address: ${address}`,
      `    port: ${port}`,
      ...(via === null ? [] : [`    jump: [${via}]`]),
      `    labels: { os: ${os} }`,
    ]),
  ];
  return `${lines.join('\n')}\n`;
}
