import { X } from 'lucide-react';
import type { ChangeVerb, HostChange } from '#shared/contract/change.ts';
import { hasMovedOn } from '#shared/lib/change/moved-on.ts';
import { hasFailed } from '#shared/lib/change/verbs.ts';
import { Ago } from '../../parts/since.tsx';
import { useDo, useQuery } from '../../state/calls.ts';
import { useOperate } from '../../state/hooks.ts';
import { useKeys } from '../../state/keyboard.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { ProblemNote } from '../../ui/notes.tsx';
import { SignWord } from '../../ui/sign-mark.tsx';
import { timeOfDay } from '../../words/times.ts';
import { verbWords } from './change-signs.ts';
import { useHostSign } from './use-host-sign.ts';
import { WorkFacts } from './work-facts.tsx';
import { signOf } from './work-lanes.ts';

const hostVerbs = ['accept', 'skip'] as const;
const fits: Record<(typeof hostVerbs)[number], (host: Pick<HostChange, 'state'>) => boolean> = {
  accept: ({ state }) => state === 'inconclusive',
  skip: (host) => host.state === 'waiting' || hasFailed(host),
};

/** What one host went through, step by step, as it wrote it down itself, and what the gates saw. */
export function HostCourse({
  id,
  host,
  allowed,
  onClose,
  onMerge,
}: {
  readonly id: string;
  readonly host: Omit<HostChange, 'evidence'>;
  /** What may be asked of the change now. */
  readonly allowed: readonly ChangeVerb[];
  readonly onClose: () => void;
  /** Joins what stands on the host now with what the plan wished. */
  readonly onMerge: (host: string) => void;
}) {
  const operate = useOperate();
  const act = useDo('change.act');
  const { state, endedAt, accepted } = host;
  const sign = useHostSign(host.host, state);
  const verbs = hostVerbs.filter((verb) => allowed.includes(verb) && fits[verb](host));
  useKeys('Host', 'view', [{ keys: 'Escape', label: 'Close the host', run: onClose }]);
  return (
    <aside className="host-course" aria-label={`What ${host.host} went through`}>
      <header>
        <h2>{host.host}</h2>
        <SignWord sign={host.work ? signOf(host) : sign} />
        <IconButton name="Close" onClick={onClose}>
          <X size={14} />
        </IconButton>
      </header>
      {host.text !== '' && <p className="host-course-why">{host.text}</p>}
      {accepted && (
        <p className="faint">
          {accepted.by} went on in spite of that, <Ago at={accepted.at} />
        </p>
      )}
      {host.attempt > 1 && <p className="faint">Attempt {host.attempt}</p>}
      {host.work && <WorkFacts work={host.work} />}
      <Evidence key={`${state} ${endedAt ?? ''} ${host.work?.phase ?? ''}`} id={id} host={host.host} />
      {operate && hasMovedOn(host) && (
        <Button kind="primary" onClick={() => onMerge(host.host)}>
          Merge and plan again
        </Button>
      )}
      {operate &&
        verbs.map((verb) => (
          <Button
            key={verb}
            title={verbWords[verb].means}
            disabled={act.busy}
            onClick={() => void act.run({ id, verb, host: host.host, password: null })}
          >
            {verbWords[verb].label}
          </Button>
        ))}
      {act.problem && <ProblemNote problem={act.problem} />}
    </aside>
  );
}

/** Asked anew with each state, since what the host wrote down grows with it. */
function Evidence({ id, host }: { readonly id: string; readonly host: string }) {
  const read = useQuery('change.host', { id, host });
  if (read.problem) return <ProblemNote problem={read.problem} />;
  const evidence = read.output?.evidence ?? [];
  if (read.output && evidence.length === 0) return <p className="faint">Nothing was done there yet.</p>;
  return (
    <ol>
      {evidence.map(({ at, step, text }, index) => (
        // oxlint-disable-next-line react/no-array-index-key -- steps of one log may be equal
        <li key={index}>
          <time>{timeOfDay(at)}</time>
          <span>
            <b>{step}</b> {text.replace(/\b([0-9a-f]{12})[0-9a-f]{52}\b/g, '$1…')}
          </span>
        </li>
      ))}
    </ol>
  );
}
