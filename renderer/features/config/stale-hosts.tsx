import { useMemo, useState } from 'react';
import type { ComparedFile } from '#shared/contract/change.ts';
import { useQuery } from '../../state/calls.ts';
import { Button } from '../../ui/button.tsx';
import { DiffLines } from '../../ui/diff-lines.tsx';
import { TextBlock } from '../../ui/field.tsx';
import { ProblemNote, WaitNote } from '../../ui/notes.tsx';
import { SignMark } from '../../ui/sign-mark.tsx';
import { count, some } from '../../words/amounts.ts';
import { mergeTexts } from '../../words/merge-texts.ts';

/** What becomes of hosts whose file moved on while it was edited: a text of their own, and what was there when it was decided. */
export interface Settled {
  readonly hosts: readonly string[];
  readonly content: string;
  readonly seen: string;
}

/**
 * Hosts that somebody else changed since the edit began: what was there, what is there now, and the two edits joined. Nothing
 * is written there until the person chose.
 */
export function StaleHosts({
  hosts,
  path,
  password,
  before,
  texts,
  yours,
  onSettle,
}: {
  readonly hosts: string[];
  readonly path: string;
  readonly password: string | null;
  /** The files as they were when the edit began. */
  readonly before: readonly ComparedFile[];
  readonly texts: Readonly<Record<string, string>>;
  readonly yours: string;
  readonly onSettle: (settled: Settled) => void;
}) {
  const asked = useQuery('change.compare', { hosts, path, password });
  const groups = useMemo(() => {
    const found = new Map<string, { base: string; theirs: string; hash: string; hosts: string[] }>();
    for (const { host, kind, hash } of asked.output?.files ?? []) {
      const base = texts[before.find((file) => file.host === host)?.hash ?? ''] ?? '';
      const theirs = asked.output?.texts[hash];
      if (kind !== 'file' || theirs === undefined) continue;
      const key = `${hash} ${base}`;
      const group = found.get(key);
      if (group) group.hosts.push(host);
      else found.set(key, { base, theirs, hash, hosts: [host] });
    }
    return [...found.values()];
  }, [asked.output, before, texts]);
  if (asked.problem) return <ProblemNote problem={asked.problem} />;
  if (!asked.output) return <WaitNote what={`Reading ${path} again on ${count(hosts.length, 'host')}…`} />;
  return (
    <>
      {groups.map(({ base, theirs, hash, hosts: alike }) => (
        <StaleGroup
          key={hash + base}
          hosts={alike}
          base={base}
          theirs={theirs}
          yours={yours}
          onChoose={(content) => onSettle({ hosts: alike, content, seen: hash })}
        />
      ))}
    </>
  );
}

function StaleGroup({
  hosts,
  base,
  theirs,
  yours,
  onChoose,
}: {
  readonly hosts: readonly string[];
  readonly base: string;
  readonly theirs: string;
  readonly yours: string;
  readonly onChoose: (content: string) => void;
}) {
  const merged = useMemo(() => mergeTexts(base, theirs, yours), [base, theirs, yours]);
  const [text, setText] = useState(merged.text);
  const unsettled = /^(<<<<<<<|=======|>>>>>>>)/m.test(text);
  return (
    // What is typed here is no edit of the form around it.
    <section
      className="config-stale"
      aria-label={`Changed meanwhile on ${some(hosts, 2)}`}
      onChange={(event) => event.stopPropagation()}
    >
      <p>
        <SignMark tone="attention" shape="triangle" />{' '}
        <b>{some(hosts, 4)}: changed by somebody else while you edited.</b> This is what they did:
      </p>
      <DiffLines before={base} after={theirs} same="Only the end of the last line differs." />
      <TextBlock
        label={
          merged.conflicts > 0
            ? `Theirs and yours joined, ${count(merged.conflicts, 'place')} to settle by hand`
            : 'Theirs and yours joined'
        }
        className="config-editor"
        rows={Math.min(16, text.split('\n').length + 1)}
        value={text}
        error={unsettled ? 'Lines with <<<<<<<, ======= and >>>>>>> are still to be settled.' : undefined}
        onChange={(event) => setText(event.target.value)}
      />
      <div className="config-do">
        <Button kind="primary" disabled={unsettled} onClick={() => onChoose(text)}>
          Use the joined text on {count(hosts.length, 'host')}
        </Button>
        <Button onClick={() => onChoose(yours)}>Use yours</Button>
        <Button kind="quiet" onClick={() => onChoose(theirs)}>
          Leave theirs
        </Button>
      </div>
    </section>
  );
}
