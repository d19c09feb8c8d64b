import { useEffect, useState } from 'react';
import type { ChangePlan, PlannedStep } from '#shared/contract/change.ts';
import { Button } from '../ui/button.tsx';
import { Choice } from '../ui/field.tsx';
import { WaitNote } from '../ui/notes.tsx';
import { count, some } from '../words/amounts.ts';
import type { FileCount, FoldedSteps } from './fold-steps.ts';

/** Cards drawn at once; the rest on demand, so that a plan of a thousand different edits is still quick to open. */
const pageSize = 20;

type Folded = FoldedSteps & { readonly counts: readonly FileCount[] };

/** What becomes of the hosts: those on which the same lines change folded into one, any of them to be read exactly. */
export function PlanSteps({
  plan,
  renderCard,
}: {
  readonly plan: ChangePlan;
  /** Draws one step as it is on its hosts; `title` is what stands in its head. */
  readonly renderCard: (
    step: PlannedStep,
    title: string,
    hosts: readonly string[],
    above: React.ReactNode,
  ) => React.ReactNode;
}) {
  const folds = useFolds(plan);
  const [shown, setShown] = useState(pageSize);
  const [only] = plan.steps;
  if (plan.steps.length === 1 && only) return renderCard(only, 'On each of them', only.hosts, null);
  if (plan.steps.length === 0) return null;
  if (folds === null)
    return (
      <div className="plan-comparing">
        <WaitNote what={`Comparing ${count(plan.steps.length, 'different edit')}…`} />
      </div>
    );
  return (
    <>
      {folds.slice(0, shown).map((fold) => (
        <FoldCard key={fold.key} fold={fold} renderCard={renderCard} />
      ))}
      {folds.length > shown && (
        <div>
          <Button onClick={() => setShown(shown + pageSize)}>
            Show {Math.min(pageSize, folds.length - shown)} more of {count(folds.length - shown, 'kind')} of edits
          </Button>
        </div>
      )}
    </>
  );
}

function FoldCard({
  fold,
  renderCard,
}: {
  readonly fold: Folded;
  readonly renderCard: Parameters<typeof PlanSteps>[0]['renderCard'];
}) {
  const { steps, hosts, counts } = fold;
  const [host, setHost] = useState<string | null>(null);
  const step = steps.find((one) => host !== null && one.hosts.includes(host)) ?? steps[0];
  if (!step) return null;
  const title = count(hosts.length, 'host');
  if (steps.length === 1) return renderCard(step, title, hosts, null);
  const shown = host ?? step.hosts[0] ?? '';
  const at = hosts.indexOf(shown);
  const words = counts.map(({ path, added, removed }) => `+${added} −${removed} in ${path}`);
  return renderCard(
    step,
    title,
    hosts,
    // Looking at another host is no edit of the form around it, which would void the plan.
    <div className="plan-fold" onChange={(event) => event.stopPropagation()}>
      <p>
        <b>{some(words, 3)}</b>
        <span className="faint"> — the same lines on each; what stands around them is each host’s own.</span>
      </p>
      <div className="plan-fold-host">
        <Choice
          label="Exactly as on"
          value={shown}
          options={hosts.map((one) => ({ value: one, label: one }))}
          onChange={setHost}
        />
        <Button kind="quiet" disabled={at <= 0} onClick={() => setHost(hosts[at - 1] ?? null)}>
          Previous host
        </Button>
        <Button kind="quiet" disabled={at >= hosts.length - 1} onClick={() => setHost(hosts[at + 1] ?? null)}>
          Next host
        </Button>
      </div>
    </div>,
  );
}

/** Null while what tells differences is loaded; a plan of one step needs none. */
function useFolds(plan: ChangePlan): readonly Folded[] | null {
  const { steps, contents } = plan;
  const [folds, setFolds] = useState<readonly Folded[] | null>(null);
  useEffect(() => {
    if (steps.length < 2) return undefined;
    let gone = false;
    void import('./fold-steps.ts').then(({ foldSteps, countLines }) => {
      if (gone) return;
      const counted = ({ steps: its }: FoldedSteps) => (its[0] ? countLines(its[0], contents) : []);
      setFolds(foldSteps({ steps, contents }).map((fold) => ({ ...fold, counts: counted(fold) })));
    });
    return () => {
      gone = true;
    };
  }, [steps, contents]);
  return folds;
}
