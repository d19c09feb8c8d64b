import { z } from 'zod';
import { fail } from '#shared/contract/problem.ts';
import { cleanLine } from '#shared/lib/clean-text.ts';
import { readXml, type XmlElement } from './xml-tree.ts';

const text = (most: number) =>
  z
    .string()
    .default('')
    .transform((value) => cleanLine(value, most));
const whole = z.coerce.number().pipe(
  z
    .int()
    .min(0)
    .max(2 ** 32),
);

const event = z.object({
  type: whole,
  result: whole,
  errorCode: whole.nullable(),
  previousVersion: text(64),
});
export type OmahaEvent = z.infer<typeof event>;

const app = z.object({
  /** Without braces, in small letters. */
  id: z
    .string()
    .max(100)
    .transform((id) => id.replaceAll(/[{}]/g, '').toLowerCase()),
  /** As it was sent: what an answer names. */
  sentId: z.string().max(100),
  version: text(64),
  track: text(100),
  machine: text(100),
  alias: text(100),
  oem: text(60),
  alephVersion: text(64),
  board: text(40),
  ping: z.boolean(),
  updateCheck: z.boolean(),
  events: z.array(event).max(20),
});
export type OmahaApp = z.infer<typeof app>;

const request = z.object({
  protocol: z.literal('3.0'),
  apps: z.array(app).min(1).max(4),
});
export type OmahaRequest = z.infer<typeof request>;

/** Reads what update_engine posts; throws `invalid-input` with what is wrong with it. */
export function parseOmahaRequest(xml: string): OmahaRequest {
  const root = readXml(xml);
  if (root.name !== 'request') throw fail('invalid-input', `<${cleanLine(root.name, 40)}> is no Omaha request`);
  const read = request.safeParse({
    protocol: root.attributes['protocol'],
    apps: root.children.filter(({ name }) => name === 'app').map(readApp),
  });
  if (read.success) return read.data;
  const issue = read.error.issues[0];
  throw fail('invalid-input', `${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`);
}

function readApp({ attributes: given, children }: XmlElement) {
  const has = (name: string) => children.some((child) => child.name === name);
  return {
    id: given['appid'],
    sentId: given['appid'],
    version: given['version'],
    track: given['track'],
    machine: given['machineid'],
    alias: given['machinealias'],
    oem: given['oem'],
    alephVersion: given['alephversion'],
    board: given['board'],
    ping: has('ping'),
    updateCheck: has('updatecheck'),
    events: children
      .filter(({ name }) => name === 'event')
      .map(({ attributes }) => ({
        type: attributes['eventtype'],
        result: attributes['eventresult'],
        errorCode: attributes['errorcode'] ?? null,
        previousVersion: attributes['previousversion'],
      })),
  };
}
