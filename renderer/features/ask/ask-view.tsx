import type { RecordOf } from '#shared/contract/records.ts';
import { useOperate, useRecords } from '../../state/hooks.ts';
import { printRoute } from '../../state/routes.ts';
import { EmptyNote } from '../../ui/notes.tsx';
import { SignMark } from '../../ui/sign-mark.tsx';
import { count } from '../../words/amounts.ts';
import { For } from '../../parts/since.tsx';
import { AskForm } from './ask-form.tsx';
import { AskResult } from './ask-result.tsx';
import { summarize, summaryWords } from './ask-summary.ts';
import './ask.css';

/** One command on many hosts: ask, and read the answers folded by equality. */
export function AskView({ cluster, run }: { readonly cluster: string; readonly run: string | null }) {
  const operate = useOperate();
  const runs = useRecords('ask');
  const listed = [...runs].toSorted(([, a], [, b]) => (b.about?.startedAt ?? 0) - (a.about?.startedAt ?? 0));
  return (
    <div className="ask">
      <nav className="ask-runs" aria-label="Questions asked">
        <a
          className="ask-new"
          href={printRoute({ view: 'ask', cluster, run: null })}
          aria-current={run === null ? 'page' : undefined}
        >
          New question
        </a>
        {listed.map(([id, record]) => (
          <RunLink key={id} href={printRoute({ view: 'ask', cluster, run: id })} record={record} current={id === run} />
        ))}
      </nav>
      <div className="ask-main">
        {run === null ? (
          operate ? (
            <AskForm cluster={cluster} />
          ) : (
            <EmptyNote title="This cluster is only observed">
              <p>
                Running commands on hosts needs the Operate mode, under{' '}
                <a href={printRoute({ view: 'settings', cluster, tab: 'general' })}>Settings</a>.
              </p>
            </EmptyNote>
          )
        ) : runs.has(run) ? (
          <AskResult key={run} run={run} />
        ) : (
          <EmptyNote title="The answers of this question are gone">
            <p>Answers are kept while the console runs. What was asked is in the activity log.</p>
          </EmptyNote>
        )}
      </div>
    </div>
  );
}

function RunLink({
  href,
  record,
  current,
}: {
  readonly href: string;
  readonly record: RecordOf<'ask'>;
  readonly current: boolean;
}) {
  const { about, progress } = record;
  if (!about) return null;
  const running = progress?.state === 'running';
  return (
    <a className="ask-run" href={href} aria-current={current ? 'page' : undefined}>
      <code className="cut">{about.command.split('\n')[0]}</code>
      <span className="faint">
        {running && <SignMark tone="moving" shape="dots" size={10} />}
        <span className="cut">{progress ? summaryWords(summarize(progress)) : count(about.hosts.length, 'host')}</span>
        <For since={about.startedAt} />
      </span>
    </a>
  );
}
