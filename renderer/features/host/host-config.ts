import type { HostChange } from '#shared/contract/change.ts';
import type { DocumentAbout, HostDrift } from '#shared/contract/document.ts';
import type { RecordOf } from '#shared/contract/records.ts';
import { isDrifted } from '../../parts/drift-words.ts';

/** A document that is for a host, and how it stands to it. */
export interface HostDocument {
  readonly name: string;
  readonly about: DocumentAbout;
  readonly drift: HostDrift;
}

/** The documents for a host, those that it drifted from first, then by name. */
export function documentsOf(documents: ReadonlyMap<string, RecordOf<'document'>>, host: string): HostDocument[] {
  const found: HostDocument[] = [];
  for (const [name, { about, drift }] of documents) {
    const own = drift?.find((one) => one.host === host);
    if (about && own) found.push({ name, about, drift: own });
  }
  return found.toSorted(
    (a, b) => Number(isDrifted(b.drift)) - Number(isDrifted(a.drift)) || (a.name < b.name ? -1 : 1),
  );
}

/** A change that was to do something on a host, and what became of it there. */
export interface ChangeOfHost {
  readonly id: string;
  readonly title: string;
  readonly by: string;
  readonly at: number;
  readonly state: HostChange['state'];
}

/** The changes that name a host, the newest first. */
export function changesOf(changes: ReadonlyMap<string, RecordOf<'change'>>, host: string): ChangeOfHost[] {
  const found: ChangeOfHost[] = [];
  for (const [id, { about, hosts }] of changes) {
    const own = hosts?.find((one) => one.host === host);
    if (about && own)
      found.push({
        id,
        title: about.title,
        by: about.by,
        at: own.endedAt ?? own.startedAt ?? about.at,
        state: own.state,
      });
  }
  return found.toSorted((a, b) => b.at - a.at);
}
