import { X } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import type { Unit, UnitVerb } from '#shared/contract/unit.ts';
import { LastSeen } from '../../parts/seen.tsx';
import { For } from '../../parts/since.tsx';
import { UnitActions } from '../../parts/unit-actions.tsx';
import { useQuery } from '../../state/calls.ts';
import { IconButton } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Segments } from '../../ui/field.tsx';
import { ProblemNote, WaitNote } from '../../ui/notes.tsx';
import { SignWord } from '../../ui/sign-mark.tsx';
import { unitSign } from '../../words/states.ts';
import { ActionList } from './action-list.tsx';
import { JournalPart } from './journal-part.tsx';
import { DependenciesPart, FilesPart, StatusPart } from './unit-parts.tsx';

const parts = [
  { value: 'status', label: 'Status' },
  { value: 'journal', label: 'Journal' },
  { value: 'files', label: 'Files' },
  { value: 'dependencies', label: 'Dependencies' },
] as const;

/** One unit: its state now, what it is made of, its journal, and what can be done with it. */
export function UnitDetail({
  cluster,
  host,
  name,
  live,
  old,
  quietSince,
  asked,
  onClose,
}: {
  readonly cluster: string;
  readonly host: string;
  readonly name: string;
  /** The unit as the list knows it now; undefined when it is not loaded. */
  readonly live: Unit | undefined;
  /** Whether that is the last that was heard, and not how it is now. */
  readonly old: boolean;
  /** When the host was last heard, should it be quiet by now. */
  readonly quietSince: number | null;
  /** The verb that was chosen from the unit's menu, counted, so that the same one can be chosen again. */
  readonly asked: { readonly verb: UnitVerb; readonly times: number } | null;
  readonly onClose: () => void;
}) {
  const { output: detail, problem, waiting, again } = useQuery('host.unit', { host, unit: name });
  const [part, setPart] = useState<(typeof parts)[number]['value']>('status');
  const now = live ?? detail?.unit;
  const state = live && `${live.active} ${live.sub}`;
  const readIn = useRef(state);
  // What was read on demand belongs to the state it was read in: a new state is read anew.
  useEffect(() => {
    if (state === undefined || readIn.current === state) return;
    const first = readIn.current === undefined;
    readIn.current = state;
    // The first state is what was just read, unless that could not be read: then the host has come up since.
    if (!first || problem) again();
  }, [state, again, problem]);
  const told = detail && detail.unit.active === now?.active ? detail.unit.since : null;
  const since = told ?? now?.since ?? null;
  const sign = unitSign(now?.active ?? '', now?.job ?? '');
  return (
    <section className="unit-detail" aria-label={`Unit ${name}`}>
      <header className="preview-head">
        <h2 className="cut mono" title={name}>
          {name}
        </h2>
        <CopyButton text={name} name="Copy the unit's name" />
        <IconButton name="Close the unit (Esc)" onClick={onClose}>
          <X size={16} />
        </IconButton>
      </header>
      <div className={`unit-state ${old ? 'not-live' : ''}`} data-testid="unit-state" data-stale={old}>
        <SignWord sign={sign} />
        <span>
          {now?.sub !== now?.active && now?.sub}
          <span className="faint">
            {' '}
            {since !== null && (
              <>
                for <For since={since} until={quietSince} />
              </>
            )}
          </span>
        </span>
        <p className="faint cut">{now?.description}</p>
      </div>
      {old && (
        <p className="unit-old">
          The last that was heard of it. <LastSeen host={host} />
        </p>
      )}
      <UnitActions
        key={asked?.times ?? 0}
        asked={asked?.verb ?? null}
        hosts={[host]}
        unit={name}
        active={now?.active ?? ''}
        fileState={detail?.unitFileState ?? ''}
      />
      <div className="unit-done">
        <ActionList host={host} unit={name} />
      </div>
      <div className="unit-parts">
        <Segments label="Part of the unit" value={part} options={parts} onChange={setPart} />
      </div>
      <div className="unit-body">
        {problem && <ProblemNote problem={problem} />}
        {waiting && !detail && <WaitNote what={`Reading ${name} on ${host}…`} />}
        {part === 'journal' && <JournalPart host={host} unit={name} />}
        {detail && part === 'status' && (
          <div className={old ? 'not-live' : undefined}>
            <StatusPart detail={detail} />
          </div>
        )}
        {detail && part === 'files' && <FilesPart cluster={cluster} host={host} detail={detail} />}
        {detail && part === 'dependencies' && <DependenciesPart cluster={cluster} host={host} detail={detail} />}
      </div>
    </section>
  );
}
