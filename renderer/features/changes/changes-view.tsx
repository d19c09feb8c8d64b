import type { RecordOf } from '#shared/contract/records.ts';
import { Ago } from '../../parts/since.tsx';
import { useRecords, useSection } from '../../state/hooks.ts';
import { printRoute } from '../../state/routes.ts';
import { EmptyNote, ProblemNote } from '../../ui/notes.tsx';
import { SignWord } from '../../ui/sign-mark.tsx';
import { count } from '../../words/amounts.ts';
import { ArchivedChangePage } from './archived-change.tsx';
import { ChangePage } from './change-page.tsx';
import { changeSigns } from './change-signs.ts';
import './changes.css';

/** The changes of a cluster, whoever drives them, and one of them whole. */
export function ChangesView({ cluster, change }: { readonly cluster: string; readonly change: string | null }) {
  const changes = useRecords('change');
  const journal = useSection('cluster', '', 'journal');
  const listed = [...changes].toSorted(([, a], [, b]) => (b.about?.at ?? 0) - (a.about?.at ?? 0));
  const emptyTitle =
    listed.length > 0 ? 'Which change?' : journal?.problem ? 'The changes cannot be read now' : 'No changes yet';
  return (
    <div className="changes">
      <nav className="changes-list" aria-label="Changes">
        {listed.map(([id, record]) => (
          <ChangeLink
            key={id}
            href={printRoute({ view: 'changes', cluster, change: id })}
            record={record}
            current={id === change}
          />
        ))}
        {journal && (
          <p className="faint changes-journal">
            {journal.kind === 'etcd'
              ? 'Written down in etcd, for every console of this cluster.'
              : 'This cluster has no etcd: changes are written down on this console, which alone controls them.'}
          </p>
        )}
      </nav>
      <div className="changes-main">
        {journal?.problem && <ProblemNote problem={journal.problem} />}
        {change === null ? (
          <EmptyNote title={emptyTitle}>
            {journal?.problem && <p>They are shown again as soon as they are read.</p>}
            <p>
              A change begins with a file under{' '}
              <a href={printRoute({ view: 'config', cluster, tab: 'compare', path: '' })}>Config</a>: edit it once, read
              the plan, apply it in stages. A roll-out begins with a group under{' '}
              <a href={printRoute({ view: 'updates', cluster, group: null })}>Updates</a>.
            </p>
          </EmptyNote>
        ) : changes.has(change) ? (
          <ChangePage key={change} cluster={cluster} id={change} />
        ) : (
          <ArchivedChangePage key={change} id={change} />
        )}
      </div>
    </div>
  );
}

function ChangeLink({
  href,
  record,
  current,
}: {
  readonly href: string;
  readonly record: RecordOf<'change'>;
  readonly current: boolean;
}) {
  const { about, progress } = record;
  if (!about || !progress) return null;
  return (
    <a href={href} aria-current={current ? 'page' : undefined}>
      <span className="cut" title={about.title}>
        {about.title}
      </span>
      <span className="changes-link-foot">
        <SignWord sign={changeSigns[progress.state]} />
        <span className="faint">
          {count(about.hosts, 'host')} · <Ago at={about.at} />
        </span>
      </span>
    </a>
  );
}
