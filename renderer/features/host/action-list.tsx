import { ActionOutcomes } from '../../parts/action-outcomes.tsx';
import { useRecords } from '../../state/hooks.ts';

/** What was done to this host from here lately, newest first; nothing when nothing was. */
export function ActionList({ host, unit = null }: { readonly host: string; readonly unit?: string | null }) {
  const actions = useRecords('action');
  const mine = [...actions.values()]
    .filter(
      ({ about }) =>
        about?.plan.steps.some((step) => step.host === host) && (unit === null || about.plan.unit === unit),
    )
    .toSorted((a, b) => (b.about?.startedAt ?? 0) - (a.about?.startedAt ?? 0))
    .slice(0, unit === null ? 5 : 1);
  if (mine.length === 0) return null;
  return (
    <section className="card" aria-label="Recent actions">
      <h2>Recent actions</h2>
      {mine.map((action) =>
        action.about ? <ActionOutcomes key={action.about.id} action={action.about.id} host={host} /> : null,
      )}
    </section>
  );
}
