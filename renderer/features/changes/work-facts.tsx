import type { WorkProgress } from '#shared/contract/work.ts';
import { For } from '../../parts/since.tsx';
import { FactsList } from '../../ui/facts-list.tsx';

/** How far one host's work is: versions, boots, and what is held for it. */
export function WorkFacts({ work }: { readonly work: WorkProgress }) {
  const { from, to, since, bootBefore, bootAfter, holdsLock, rolledBack } = work;
  const boot = (id: string) => <code key={id}>{id.slice(0, 8)}</code>;
  return (
    <div className="work-facts">
      <FactsList
        facts={
          [
            ['From', from],
            ['To', to ?? 'what is offered'],
            ['So far', <For key="since" since={since} />],
            ['Boot before', bootBefore && boot(bootBefore)],
            ['Boot after', bootAfter && boot(bootAfter)],
            ['Lock', holdsLock ? 'a slot is held for it' : null],
            ['Rolled back', rolledBack ? 'by itself, once' : null],
          ].filter(([, value]) => value !== null && value !== '') as [string, React.ReactNode][]
        }
      />
    </div>
  );
}
