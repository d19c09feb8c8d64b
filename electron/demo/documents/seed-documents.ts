import { createHash } from 'node:crypto';
import { putKeys } from '../etcd/put-keys.ts';
import { fleetDocuments, type FleetDocument } from './fleet-documents.ts';

const root = '/quarterdeck/v1/documents/';
const dayMs = 24 * 3_600_000;

/** Puts the team's documents with their revisions where a console looks for them. Rejects when etcd does not take them. */
export async function seedDocuments(endpoint: string, now: number): Promise<void> {
  const pairs = fleetDocuments.flatMap((kept) => valuesOf(kept, now));
  await putKeys(
    endpoint,
    pairs.map(([key, value]) => [root + key, JSON.stringify(value)]),
  );
}

/** What the console would have written; the head comes last, as it makes the rest be looked for. */
function valuesOf({ name, targets, file, revisions }: FleetDocument, now: number): [string, unknown][] {
  const written = revisions.map(({ by, daysAgo, message, content }, at) => {
    const document = { name, format: 'file', targets, file, content };
    const where = [
      file.path,
      file.mode,
      file.owner && [file.owner.uid, file.owner.gid],
      file.actions.map(({ verb, unit }) => [verb, unit]),
    ];
    const said = JSON.stringify([name, 'file', targets, where, content]);
    const hash = createHash('sha256').update(said).digest('hex');
    // Nobody saves on the stroke of the hour.
    const savedAt = now - daysAgo * dayMs - ((name.length * 37 + at * 101) % 400) * 60_000;
    return { document, revision: { revision: at + 1, by, at: savedAt, message, hash } };
  });
  const last = written.at(-1)?.revision;
  return [
    ...written.flatMap(({ document, revision }): [string, unknown][] => [
      [`texts/${name}/${revision.revision}`, { v: 1, document }],
      [`revisions/${name}/${revision.revision}`, { v: 1, revision }],
    ]),
    [`heads/${name}`, { v: 1, last, oldest: 1 }],
  ];
}
