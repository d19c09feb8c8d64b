import { z } from 'zod';
import {
  clusterColours,
  defaultThresholds,
  type Thresholds,
  thresholdConflicts,
  thresholds,
} from '#shared/contract/cluster.ts';
import { parseHttpAddress } from '#shared/lib/update/http-address.ts';
import { labelKey } from '../host-list/read-label.ts';
import { parseUserHostPort } from '../ssh-config/jump.ts';
import type { FileCheck, FileEtcd, FileUpdateServer } from './cluster-file.ts';
import { list, mapping, oneOrMore, type Reader, text } from './readers.ts';
import { isSecretName, secretProblem } from './secrets.ts';

// oxlint-disable-next-line no-control-regex -- control characters are exactly what is refused
const noControls = /^[^\u0000-\u001f\u007f-\u009f\u2028\u2029]*$/;

const line = (max: number): z.ZodType<string, string> =>
  z.string().max(max, `is longer than ${max} characters`).regex(noControls, 'holds a line feed or a control character');

/** `user@host:port`, an alias of ssh_config, or the name of a host of the file. */
const hop = line(300).refine((value) => parseUserHostPort(value) !== null, 'is no host');

const number = (schema: z.ZodType<number>, why: string): z.ZodType<number, string> =>
  z
    .string()
    .regex(/^\d{1,12}(\.\d{1,6})?$/, why)
    .transform(Number)
    .refine((value) => schema.safeParse(value).success, why);

/** One line of free text. */
export const name = text(line(80), 'Write a short name, as "name: Production Berlin"');
export const colour = text(
  z.enum(clusterColours, 'is not a colour of the switcher'),
  `Write one of ${clusterColours.join(', ')}`,
);
export const mode = text(
  z.enum(['observe', 'operate'], 'is not a mode'),
  'Write "mode: observe" (nothing can be changed) or "mode: operate"',
);
export const yesNo = text(
  z.enum(['true', 'false'], 'is neither true nor false').transform((value) => value === 'true'),
  'Write true or false',
);
export const user = text(
  line(64).refine((value) => /^[^\s@:/]+$/.test(value), 'is not a login name'),
  'Write a login name, as "user: core"',
);
export const port = text(
  number(z.int().min(1).max(65535), 'is not a port'),
  'Write a number from 1 to 65535, as "port: 22"',
);
export const path = text(line(1000), 'Write a path, as "~/.ssh/id_ed25519"');
export const documents = text(line(1000), 'Write a folder, as "documents: ./config"');
const checkFields = mapping(
  {
    path: text(
      line(1000).refine((value) => value.startsWith('/'), 'is no absolute path'),
      'Write a path or a pattern of paths, as "path: /etc/haproxy/*.cfg"',
    ),
    command: text(line(2000), `Write a command, as 'command: haproxy -c -f "$1"'`),
    when: text(z.enum(['copy', 'in-place'], 'is no moment of a check'), 'Write "when: copy" or "when: in-place"'),
  },
  'Write "- path: /etc/haproxy/*.cfg" and below it "command: …"',
);

/** A check of files; nothing without a path and a command. */
const check: Reader<FileCheck> = (node, label, findings) => {
  const read = checkFields(node, label, findings);
  if (read === undefined) return undefined;
  if (read.path === undefined || read.command === undefined) {
    findings.add(node.place, 'a check needs a path and a command', 'Write "- path: …" and below it "command: …"');
    return undefined;
  }
  return { path: read.path, command: read.command, when: read.when === 'in-place' ? 'in-place' : 'staged' };
};
export const checks = list(check, 'Write "checks:" and below it, indented, "- path: /etc/haproxy/*.cfg"');
export const keys = oneOrMore(path, 'Write paths of key files, as "keys: [~/.ssh/id_ed25519]"');
export const hostName = text(
  line(253).refine((value) => /^[^\s/]+$/.test(value), 'holds a blank or a slash'),
  'Write a name without blanks and slashes, as "name: web1"',
);
export const address = text(
  line(253).refine((value) => /^[^\s/@,[\]]+$/.test(value), 'is no host name or IP address'),
  'Write a host name or an IP address, as "address: 10.0.0.11"; a port has its own field',
);

/** Hops to go through in order; `none` is an empty list. */
export const jump: Reader<string[]> = (node, label, findings) => {
  const hint = 'Write a host as "jump: bastion" or "jump: [ops@outer:2222, inner]", or "jump: none"';
  if (node.kind === 'text' && node.text.toLowerCase() === 'none') return [];
  return oneOrMore(text(hop, hint), hint)(node, label, findings);
};

/** False, a socket's path, or undefined for the usual agent. */
export const agent: Reader<false | string | null> = (node, label, findings) => {
  if (node.kind === 'text' && node.text === 'true') return null;
  if (node.kind === 'text' && node.text === 'false') return false;
  return text(line(1000), "Write true, false, or the path of the agent's socket")(node, label, findings);
};

export const transport = text(
  z.enum(['ssh2'], 'is not a transport of this version'),
  'Write "transport: ssh2", or remove the line',
);

/** Labels: any keys without blanks, `=`, quotes and commas; any one-line values. */
export const labels: Reader<Record<string, string>> = (node, label, findings) => {
  const hint = 'Write "labels: {role: web, rack: a3}"';
  if (node.kind === 'text' && node.text === '') return {};
  if (node.kind !== 'map') {
    findings.add(node.place, `${label} has to be a mapping`, hint);
    return undefined;
  }
  const readKey = text(
    line(63).refine((key) => labelKey.test(key), 'is no name for a label'),
    'Use letters, digits, dot, dash, slash and underscore',
  );
  const readValue = text(line(200), hint);
  const read: [string, string][] = [];
  for (const { key, keyPlace, value } of node.entries) {
    if (isSecretName(key)) {
      secretProblem(key, keyPlace, findings);
      continue;
    }
    const checkedKey = readKey({ kind: 'text', text: key, place: keyPlace }, 'the label', findings);
    const checkedValue = value.kind === 'text' && value.text === '' ? '' : readValue(value, key, findings);
    if (checkedKey !== undefined && checkedValue !== undefined) read.push([checkedKey, checkedValue]);
  }
  return Object.fromEntries(read);
};

const endpoint = text(
  line(300).refine(
    (value) => /^https?:\/\/(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?\/?$/.test(value),
    'is no etcd endpoint',
  ),
  'Write "https://10.0.0.11:2379"',
);
const tls = mapping(
  { ca: path, cert: path, key: path, serverName: text(line(253), 'Write the name that is in the certificate') },
  'Write paths, as "tls: {ca: ca.pem, cert: client.pem, key: client-key.pem}"',
);
const etcdFields = mapping(
  { endpoints: list(endpoint, 'Write "endpoints: [https://10.0.0.11:2379]"'), tls, user },
  'Write "etcd:" and below it, indented, "endpoints: [https://10.0.0.11:2379]"',
);

/** How to reach etcd; nothing without a usable endpoint. */
export const etcd: Reader<FileEtcd> = (node, label, findings) => {
  const read = etcdFields(node, label, findings);
  if (read === undefined) return undefined;
  if (!read.endpoints?.length) {
    findings.add(node.place, 'etcd has no usable endpoint', 'Write "endpoints: [https://10.0.0.11:2379]"');
    return undefined;
  }
  const files = read.tls && {
    ca: read.tls.ca ?? null,
    cert: read.tls.cert ?? null,
    key: read.tls.key ?? null,
    serverName: read.tls.serverName ?? null,
  };
  return { endpoints: read.endpoints, tls: files ?? null, user: read.user ?? null };
};

const serverUrl = text(
  line(300)
    .refine((value) => parseHttpAddress(value) !== null, 'is no address of an update server')
    .transform((value) => value.replace(/\/+$/, '')),
  'Write "url: https://nebraska.example.com"',
);
const serverFields = mapping(
  {
    kind: text(z.enum(['nebraska'], 'is not a kind of update server known here'), 'Write "kind: nebraska"'),
    url: serverUrl,
    ca: path,
    app: text(
      line(128).refine((value) => /^[^\s/?#]+$/.test(value), 'is no id of an application'),
      'Write its id or its product id, as "app: io.example.os"; without it all are shown',
    ),
  },
  'Write "server:" and below it, indented, "kind: nebraska" and "url: https://nebraska.example.com"',
);

/** Where hosts ask for updates; nothing without its kind and its address. */
const server: Reader<FileUpdateServer> = (node, label, findings) => {
  const read = serverFields(node, label, findings);
  if (read === undefined) return undefined;
  const { kind, url } = read;
  const said = node.kind === 'map' ? node.entries.map(({ key }) => key) : [];
  for (const [key, write] of [
    ['kind', 'Write "kind: nebraska"'],
    ['url', 'Write "url: https://nebraska.example.com"'],
  ] as const)
    if (!said.includes(key)) findings.add(node.place, `the update server has no ${key}`, write);
  return kind && url ? { kind, url, ca: read.ca ?? null, app: read.app ?? null } : undefined;
};

export const updates = mapping(
  { server },
  'Write "updates:" and below it, indented, "server: {kind: nebraska, url: …}"',
);

export const ssh = mapping(
  {
    user,
    key: keys,
    keys,
    jump,
    port,
    transport,
    agent,
    knownHosts: oneOrMore(path, 'Write paths of known_hosts files'),
  },
  'Write "ssh:" and below it, indented, "user: core"',
);

const healthFields = mapping(
  Object.fromEntries(
    Object.entries(thresholds.shape).map(([key, schema]) => [
      key,
      text(number(schema, 'is outside of what is possible'), limits(key, schema)),
    ]),
  ) as Record<keyof typeof thresholds.shape, Reader<number>>,
  'Write "health:" and below it, indented, "diskAttentionPercent: 85"',
);

/** Thresholds, each within its limits; those in an order that makes no sense count as they are, and are told. */
export const health: Reader<Partial<Thresholds>> = (node, label, findings) => {
  const read = healthFields(node, label, findings);
  if (read === undefined || node.kind !== 'map') return read;
  for (const { field, below, words } of thresholdConflicts({ ...defaultThresholds, ...read })) {
    const said = (name: string) => node.entries.find(({ key }) => key === name)?.value.place;
    findings.add(said(field) ?? said(below) ?? node.place, words, 'Write the lower number for attention');
  }
  return read;
};

function limits(key: string, schema: z.ZodNumber): string {
  const { minValue, maxValue } = schema;
  const upTo = maxValue !== null && maxValue < 1e9 ? ` to ${maxValue}` : ' or more';
  return `Write a number, ${minValue}${upTo}, as "${key}: ${minValue}"`;
}

export const host = mapping(
  { name: hostName, address, port, user, key: keys, keys, jump, labels },
  'Write "- web1" or "- {name: web1, address: 10.0.0.11}"',
);

export const pattern = mapping(
  { fromSshConfig: oneOrMore(text(line(253), 'Write a pattern'), 'Write "fromSshConfig: [web-*]"'), labels },
  'Write "- fromSshConfig: [web-*]"',
);
