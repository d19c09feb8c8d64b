import { z } from 'zod';

const answer = z.object({
  header: z.object({ revision: z.string() }),
  kvs: z.array(z.object({ key: z.string(), value: z.string().default('') })).default([]),
});

/** What one change takes in etcd, and how often etcd was written to at all. */
export interface JournalFigures {
  readonly keys: number;
  readonly bytes: number;
  readonly revision: number;
}

/** Asked of etcd itself, over its JSON gateway. */
export async function journalFigures([endpoint = '']: readonly string[], change: string): Promise<JournalFigures> {
  const base64 = (text: string) => Buffer.from(text).toString('base64');
  const prefix = `/quarterdeck/v1/changes/${change}/`;
  const body = JSON.stringify({ key: base64(prefix), range_end: base64(`${prefix.slice(0, -1)}0`) });
  const response = await fetch(new URL('/v3/kv/range', endpoint), { method: 'POST', body });
  const { header, kvs } = answer.parse(await response.json());
  const sizes = kvs.map(({ key, value }) => Buffer.from(key, 'base64').length + Buffer.from(value, 'base64').length);
  return { keys: kvs.length, bytes: sizes.reduce((sum, size) => sum + size, 0), revision: Number(header.revision) };
}
