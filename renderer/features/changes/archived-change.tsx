import type { ArchivedChange, FileState } from '#shared/contract/change.ts';
import { stepCommand } from '#shared/lib/change/step-command.ts';
import { cleanLine } from '#shared/lib/clean-text.ts';
import { Ago } from '../../parts/since.tsx';
import { useQuery } from '../../state/calls.ts';
import { EmptyNote, ProblemNote, WaitNote } from '../../ui/notes.tsx';
import { SignWord } from '../../ui/sign-mark.tsx';
import { count, some } from '../../words/amounts.ts';
import { changeSigns, hostSigns } from './change-signs.ts';

/** What is kept of a change that is long over: who, what, where, and the hashes; its texts are gone. */
export function ArchivedChangePage({ id }: { readonly id: string }) {
  const read = useQuery('change.archived', { id });
  if (read.problem?.code === 'not-found')
    return (
      <EmptyNote title="There is no such change">
        <p>It may lie in another cluster, or was too long ago.</p>
      </EmptyNote>
    );
  if (read.problem) return <ProblemNote problem={read.problem} />;
  if (!read.output) return <WaitNote what="Looking in the archive…" />;
  const { plan, state, endedAt, hosts } = read.output;
  return (
    <section className="change" aria-label="The archived change">
      <header className="change-head">
        <div className="change-title">
          <h1>{plan.title}</h1>
          <SignWord sign={changeSigns[state]} />
          <span>{count(hosts.length, 'host')}</span>
        </div>
        <p className="faint">
          By {plan.by}, <Ago at={plan.at} />
          {endedAt !== null && (
            <>
              {' '}
              · over <Ago at={endedAt} />
            </>
          )}{' '}
          · change {plan.id} · plan <code>{plan.hash.slice(0, 12)}</code>
        </p>
        <p className="faint">From the archive: its texts and what hosts wrote down are no longer kept.</p>
      </header>
      <div className="change-plan">
        <dl className="plan-course">
          {[...byState(hosts)].map(([one, names]) => (
            <HostsIn key={one} state={one} names={names} />
          ))}
        </dl>
        {plan.steps.map((step) => (
          <section key={step.hosts[0]} className="card plan-step" aria-label={`What became of ${some(step.hosts, 3)}`}>
            <header>
              <h3>{count(step.hosts.length, 'host')}</h3>
              <span className="faint cut" title={step.hosts.join(' ')}>
                {some(step.hosts, 6)}
              </span>
            </header>
            {step.files.map(({ path, before, after }) => (
              <p key={path} className="plan-file">
                <code>{cleanLine(path)}</code>{' '}
                <span className="faint">
                  {stateWords(before)} became {stateWords(after)}
                </span>
              </p>
            ))}
            {step.actions.length > 0 && (
              <ol className="plan-actions">
                {step.actions.map((action) => (
                  <li key={stepCommand(action)}>
                    <code>{stepCommand(action)}</code>
                  </li>
                ))}
              </ol>
            )}
          </section>
        ))}
      </div>
    </section>
  );
}

type ArchivedHost = ArchivedChange['hosts'][number];

function HostsIn({ state, names }: { readonly state: ArchivedHost['state']; readonly names: readonly string[] }) {
  return (
    <>
      <dt>
        <SignWord sign={hostSigns[state]} />
      </dt>
      <dd title={names.join(' ')}>{some([...names], 12)}</dd>
    </>
  );
}

function byState(hosts: readonly ArchivedHost[]): Map<ArchivedHost['state'], string[]> {
  const found = new Map<ArchivedHost['state'], string[]>();
  for (const { host, state } of hosts) found.set(state, [...(found.get(state) ?? []), host]);
  return found;
}

function stateWords(state: FileState): string {
  return state.kind === 'absent'
    ? 'no file'
    : `${state.hash.slice(0, 12)} mode ${state.mode} owner ${state.uid}:${state.gid}`;
}
