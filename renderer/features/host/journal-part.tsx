import { useLayoutEffect, useMemo, useRef, useState } from 'react';
import { cleanText } from '#shared/lib/clean-text.ts';
import type { Problem } from '#shared/contract/problem.ts';
import type { JournalItem } from '#shared/contract/streams.ts';
import { useStream } from '../../state/use-stream.ts';
import { Choice } from '../../ui/field.tsx';
import { ProblemNote, WaitNote } from '../../ui/notes.tsx';
import { count } from '../../words/amounts.ts';
import { dateTime, timeOfDay } from '../../words/times.ts';
import { filterLines, type Journal, noJournal, priorities, withLines } from './journal.ts';

const drawn = 1000;

/** A unit's journal, live; it stays at the newest line until it is scrolled up. */
export function JournalPart({ host, unit }: { readonly host: string; readonly unit: string }) {
  const { journal, problem } = useJournal(host, unit);
  const [priority, setPriority] = useState('7');
  const [text, setText] = useState('');
  const scroller = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  const lines = useMemo(
    () => (journal ? filterLines(journal.lines, Number(priority), text) : []),
    [journal, priority, text],
  );
  useLayoutEffect(() => {
    const element = scroller.current;
    if (element && atEnd.current && lines.length > 0) element.scrollTop = element.scrollHeight;
  }, [lines]);
  return (
    <div className="journal">
      <div className="journal-filter">
        <input
          className="input"
          type="search"
          aria-label="Find in the journal"
          placeholder="Find text"
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        <Choice
          label="Priority"
          value={priority}
          options={priorities.map((name, number) => ({
            value: String(number),
            label: number === 7 ? 'all' : `${name} and worse`,
          }))}
          onChange={setPriority}
        />
      </div>
      {problem && <ProblemNote problem={problem} />}
      {!journal && !problem && <WaitNote what={`Opening the journal of ${unit} on ${host}…`} />}
      {journal && (
        <div
          className="journal-lines"
          ref={scroller}
          role="log"
          aria-label={`Journal of ${unit}`}
          tabIndex={0}
          onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) => {
            atEnd.current = scrollHeight - scrollTop - clientHeight < 24;
          }}
        >
          {journal.dropped > 0 && (
            <p className="faint">{count(journal.dropped, 'line')} came too fast and were left out.</p>
          )}
          {lines.length > drawn && (
            <p className="faint">
              The last {count(drawn, 'line')} of {lines.length} are shown.
            </p>
          )}
          {lines.length === 0 && !problem && (
            <p className="faint">
              {journal.lines.length === 0
                ? 'The journal is open; no line yet. New ones appear here.'
                : 'No line matches.'}
            </p>
          )}
          {lines.slice(-drawn).map((line, index) => (
            <p key={line.cursor || index} className={`journal-line journal-${levelOf(line.priority)}`}>
              <time title={`${dateTime(line.at)} · ${priorities[line.priority] ?? ''}`}>{timeOfDay(line.at)}</time>{' '}
              <span className="journal-who">
                {line.identifier}
                {line.pid && `[${line.pid}]`}
              </span>{' '}
              {cleanText(line.text)}
            </p>
          ))}
        </div>
      )}
    </div>
  );
}

function levelOf(priority: number): 'bad' | 'warning' | 'plain' | 'debug' {
  if (priority <= 3) return 'bad';
  if (priority === 4) return 'warning';
  return priority === 7 ? 'debug' : 'plain';
}

function useJournal(host: string, unit: string): { journal: Journal | null; problem: Problem | null } {
  const { held, problem } = useStream({ kind: 'journal', host, unit }, joined);
  return { journal: held, problem };
}

function joined(journal: Journal | null, item: JournalItem): Journal {
  return withLines(journal ?? noJournal, item);
}
