import { sha256 } from '../changes/plan-hash.ts';
import type { ConfigDocument } from '#shared/contract/document.ts';

/** SHA-256 of all that a document says; equal documents have equal hashes wherever they are kept. */
export function documentHash({ name, format, targets, file, content }: ConfigDocument): string {
  const where = file && [
    file.path,
    file.mode,
    file.owner && [file.owner.uid, file.owner.gid],
    file.actions.map(({ verb, unit }) => [verb, unit]),
  ];
  return sha256(JSON.stringify([name, format, targets, where, content]));
}
