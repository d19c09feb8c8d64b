import { ActionOutcomes } from '../../parts/action-outcomes.tsx';
import { useRecords } from '../../state/hooks.ts';

/** What was done to this host from here lately, newest first; nothing when nothing was. */
export function ActionList({ host, unit = null }: { readonly host: string; readonly unit?: string | null }) {
  const actions = useRecords('action');
  const mine = [...actions]
    .flatMap(([id, { about, reboot }]) => {
      const one = about ?? reboot;
      const isMine = one?.plan.steps.some((step) => step.host === host) ?? false;
      return one && isMine && (unit === null || about?.plan.unit === unit) ? [{ id, startedAt: one.startedAt }] : [];
    })
    .toSorted((a, b) => b.startedAt - a.startedAt)
    .slice(0, unit === null ? 5 : 1);
  if (mine.length === 0) return null;
  return (
    <section className="card" aria-label="Recent actions">
      <h2>Recent actions</h2>
      {mine.map(({ id }) => (
        <ActionOutcomes key={id} action={id} host={host} />
      ))}
    </section>
  );
}
