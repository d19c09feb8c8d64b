import { createHash } from 'node:crypto';
import { fail } from '#shared/contract/problem.ts';
import type { ServerEdit, ServerPlan } from '#shared/contract/update-server.ts';
import { cleanLine } from '#shared/lib/clean-text.ts';
import { archWords } from '#shared/lib/update/server-words.ts';
import type { NebraskaClient, Written } from './nebraska-client.ts';
import { planPackage } from './plan-package.ts';
import { policyWarnings, promoteWarnings } from './plan-warnings.ts';
import { wireChannel, type WireChannel, wireGroup, type WireGroup, wireInstance } from './wire.ts';

/** An edit as it would be sent, made of what the server has now. */
export interface PreparedEdit {
  readonly written: Written;
  /** The same fields as they are now; empty for something new. */
  readonly before: Readonly<Record<string, unknown>>;
  readonly warnings: readonly string[];
  /** Sends it, and rejects with `conflict` when the server has something else afterwards. */
  readonly send: () => Promise<void>;
}

const mostListed = 2000;

/** Reads what an edit is about and says what it comes to; rejects when it cannot be done as things are. */
export async function prepareEdit(client: NebraskaClient, edit: ServerEdit): Promise<PreparedEdit> {
  switch (edit.verb) {
    case 'set-policy':
      return await setPolicy(client, edit);
    case 'promote':
      return await promote(client, edit);
    case 'add-channel':
      return await addChannel(client, edit);
    case 'add-package':
      return await planPackage(client, edit);
    case 'set-alias':
      return await setAlias(client, edit);
    default:
      return edit satisfies never;
  }
}

/** What a person reads before it is sent. */
export function planOf(client: NebraskaClient, { written, before, warnings }: PreparedEdit): ServerPlan {
  const after = written.body;
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return {
    request: `${written.method} ${client.addressOf(written.path)}`,
    body: JSON.stringify(after, null, 2),
    base: baseOf({ written, before }),
    lines: names
      .filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]))
      .map((name) => ({ name, before: shown(before[name]), after: shown(after[name]) })),
    warnings: [...warnings],
  };
}

/** Stands for what the server has: another one is another plan. */
export function baseOf({ written, before }: Pick<PreparedEdit, 'written' | 'before'>): string {
  return createHash('sha256')
    .update(JSON.stringify([written.path, before]))
    .digest('hex');
}

type EditOf<V extends ServerEdit['verb']> = Extract<ServerEdit, { readonly verb: V }>;

/** Everything of a group that a PUT replaces. */
function groupBody(group: WireGroup): Record<string, unknown> {
  const { id: _id, application_id: _app, rollout_in_progress: _now, ...body } = group;
  return body;
}

async function setPolicy(client: NebraskaClient, edit: EditOf<'set-policy'>): Promise<PreparedEdit> {
  const [group, channels] = await Promise.all([
    client.group(edit.app, edit.group),
    client.channels(edit.app, mostListed),
  ]);
  const channel = channels.items.find(({ id }) => id === edit.channel) ?? null;
  if (edit.channel !== null && channel === null)
    throw fail('not-found', 'the application has no such channel any more', { hint: 'Choose the channel anew.' });
  const before = groupBody(group);
  const body = {
    ...before,
    channel_id: edit.channel,
    policy_updates_enabled: edit.policy.updatesEnabled,
    policy_safe_mode: edit.policy.safeMode,
    policy_office_hours: edit.policy.officeHours,
    policy_timezone: edit.policy.timeZone,
    policy_period_interval: edit.policy.periodInterval,
    policy_max_updates_per_period: edit.policy.maxUpdatesPerPeriod,
    policy_update_timeout: edit.policy.updateTimeout,
  };
  const path = ['api', 'apps', edit.app, 'groups', edit.group];
  const written: Written = { method: 'PUT', path, body };
  return {
    written,
    before,
    warnings: policyWarnings(group, edit, channel),
    send: async () => same(body, groupBody(await client.write(written, wireGroup))),
  };
}

async function promote(client: NebraskaClient, edit: EditOf<'promote'>): Promise<PreparedEdit> {
  const [channel, offered, groups] = await Promise.all([
    client.channel(edit.app, edit.channel),
    client.package(edit.app, edit.package),
    client.groups(edit.app, mostListed),
  ]);
  const name = cleanLine(channel.name, 200);
  if (channel.arch !== offered.arch)
    throw fail('refused', `${name} is for ${archWords(channel.arch)}, the package for ${archWords(offered.arch)}`);
  if (offered.channels_blacklist.includes(channel.id))
    throw fail('refused', `the package ${cleanLine(offered.version, 100)} is barred from ${name}`);
  const before = channelBody(channel);
  const body = { ...before, package_id: offered.id };
  const written: Written = { method: 'PUT', path: ['api', 'apps', edit.app, 'channels', edit.channel], body };
  return {
    written,
    before,
    warnings: promoteWarnings(channel, offered, groups.items),
    send: async () => same(body, channelBody(await client.write(written, wireChannel))),
  };
}

function channelBody(channel: WireChannel): Record<string, unknown> {
  const { application_id, arch, color, name, package_id } = channel;
  return { application_id, arch, color, name, package_id };
}

async function addChannel(client: NebraskaClient, edit: EditOf<'add-channel'>): Promise<PreparedEdit> {
  const [app, channels] = await Promise.all([client.app(edit.app), client.channels(edit.app, mostListed)]);
  if (channels.items.some(({ name, arch }) => name === edit.name && arch === edit.arch))
    throw fail('conflict', `there is a channel ${edit.name} for ${archWords(edit.arch)} already`);
  if (edit.package !== null) {
    const { arch } = await client.package(edit.app, edit.package);
    if (arch !== edit.arch) throw fail('refused', `the package is for ${archWords(arch)}, not ${archWords(edit.arch)}`);
  }
  const body = {
    application_id: app.id,
    arch: edit.arch,
    color: edit.color,
    name: edit.name,
    ...(edit.package === null ? {} : { package_id: edit.package }),
  };
  const written: Written = { method: 'POST', path: ['api', 'apps', edit.app, 'channels'], body };
  return {
    written,
    before: {},
    warnings: [],
    send: async () => same(body, channelBody(await client.write(written, wireChannel))),
  };
}

async function setAlias(client: NebraskaClient, edit: EditOf<'set-alias'>): Promise<PreparedEdit> {
  const instance = await client.instance(edit.app, edit.group, edit.instance);
  const body = { alias: edit.alias };
  const written: Written = { method: 'PUT', path: ['api', 'instances', edit.instance], body };
  return {
    written,
    before: { alias: instance.alias },
    warnings: [],
    send: async () => {
      const { alias } = await client.write(written, wireInstance);
      same(body, { alias });
    },
  };
}

/** A server that stores something else than it was told has to be looked at. */
function same(sent: Readonly<Record<string, unknown>>, stored: Readonly<Record<string, unknown>>): void {
  const differs = Object.keys(sent).filter((name) => JSON.stringify(sent[name]) !== JSON.stringify(stored[name]));
  const [first] = differs;
  if (first === undefined) return;
  throw fail(
    'conflict',
    `the server took it, and has ${first} ${shown(stored[first])} in place of ${shown(sent[first])}`,
    {
      hint: 'Read it again and look at what it has now.',
    },
  );
}

function shown(value: unknown): string {
  if (value === undefined) return '';
  if (value === null) return 'none';
  return cleanLine(typeof value === 'string' ? value : JSON.stringify(value), 500);
}
