import { useMemo, useState } from 'react';
import type { DocumentRevision } from '#shared/contract/document.ts';
import { Difference } from '../../parts/difference.tsx';
import { documentTexts } from '../../parts/drift-words.ts';
import { useSecrets } from '../../parts/secrets.tsx';
import { useDo, useQuery } from '../../state/calls.ts';
import { useConsole } from '../../state/console.ts';
import { useOperate, useRoute } from '../../state/hooks.ts';
import { clusterOf, printRoute, type Route } from '../../state/routes.ts';
import { Button } from '../../ui/button.tsx';
import { Choice } from '../../ui/field.tsx';
import { MachineText } from '../../ui/machine-text.tsx';
import { ProblemNote, WaitNote } from '../../ui/notes.tsx';
import { dateTime } from '../../words/times.ts';

/** One revision beside another, or whole, and the way to make an old one the newest. */
export function RevisionDetail({
  name,
  shown,
  revisions,
  onRestored,
}: {
  readonly name: string;
  readonly shown: DocumentRevision;
  readonly revisions: readonly DocumentRevision[];
  readonly onRestored: (revision: number) => void;
}) {
  const operate = useOperate();
  const { router } = useConsole();
  const cluster = clusterOf(useRoute());
  const older = revisions.find(({ revision, hash }) => revision < shown.revision && hash !== null);
  const [other, setOther] = useState(older ? String(older.revision) : '');
  const isThere = shown.hash !== null;
  const own = useQuery('document.read', isThere ? { name, revision: shown.revision } : null);
  const beside = useQuery('document.read', other === '' ? null : { name, revision: Number(other) });
  const save = useDo('document.save');
  const newest = revisions[0]?.revision ?? null;
  const applyRoute = (open: string): Route => ({
    view: 'config',
    cluster: open,
    tab: 'documents',
    document: name,
    part: 'drift',
    state: 'apply',
  });
  const restoreAndApply = async () => {
    if ((await restore()) && cluster !== null) router.go(applyRoute(cluster));
  };
  const restore = async () => {
    if (!own.output) return false;
    const message = `Restore revision ${shown.revision}`;
    const kept = await save.run({ document: own.output.document, base: newest, message });
    if (kept) onRestored(kept.revision);
    return kept !== null;
  };
  const raw = useMemo((): Readonly<Record<string, string>> => {
    if (!own.output) return {};
    const { document } = own.output;
    return beside.output && other !== ''
      ? { ...documentTexts(beside.output.document, document) }
      : { whole: document.content };
  }, [own.output, beside.output, other]);
  const readable = useSecrets(raw, `revision ${shown.revision} of ${name}`);
  const problem = own.problem ?? beside.problem ?? save.problem;
  return (
    <section className="document-revision" aria-label={`Revision ${shown.revision}`}>
      <h2>
        Revision {shown.revision} by {shown.by}, {dateTime(shown.at)}
      </h2>
      {shown.message && <p>{shown.message}</p>}
      {!isThere && <p className="faint">This revision removed the document. Its earlier ones can be restored.</p>}
      {isThere && (
        <div className="drift-do">
          <Choice
            label="Shown as"
            value={other}
            options={[
              ...revisions
                .filter(({ revision, hash }) => revision !== shown.revision && hash !== null)
                .map(({ revision, by }) => ({
                  value: String(revision),
                  label: `difference to revision ${revision} by ${by}`,
                })),
              { value: '', label: 'the whole text' },
            ]}
            onChange={setOther}
          />
          {operate && shown.revision !== newest && (
            <>
              <Button disabled={!own.output || save.busy} onClick={() => void restore()}>
                Restore revision {shown.revision}
              </Button>
              <Button disabled={!own.output || save.busy} onClick={() => void restoreAndApply()}>
                Restore and apply in stages
              </Button>
            </>
          )}
          {operate && shown.revision === newest && cluster !== null && (
            <a className="button button-plain" href={printRoute(applyRoute(cluster))}>
              Apply in stages
            </a>
          )}
          {shown.revision === newest && <span className="faint">This is what the hosts are compared with.</span>}
        </div>
      )}
      {problem && <ProblemNote problem={problem} />}
      {isThere && !own.output && !problem && <WaitNote what="Reading the revision…" />}
      {readable.note}
      {own.output && other === '' && (
        <MachineText text={readable.texts['whole'] ?? ''} label={`Text of revision ${shown.revision}`} />
      )}
      {other !== '' && readable.texts['before'] !== undefined && (
        <Difference
          before={readable.texts['before']}
          after={readable.texts['after'] ?? ''}
          names={[`Revision ${other}`, `Revision ${shown.revision}`]}
          same="The two say the same."
        />
      )}
    </section>
  );
}
