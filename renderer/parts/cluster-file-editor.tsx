import { useEffect, useMemo, useState } from 'react';
import type { Problem } from '#shared/contract/problem.ts';
import { toProblem } from '#shared/contract/problem.ts';
import { useConsole } from '../state/console.ts';
import { SignMark } from '../ui/sign-mark.tsx';
import { CodeEditor } from '../ui/code-editor/code-editor.tsx';
import { count } from '../words/amounts.ts';
import './cluster-file-editor.css';

const settleMs = 300;

/** A cluster file being written; the core checks it a moment after each change, problems stand at their line and below. */
export function ClusterFileEditor({
  text,
  onText,
  onSave,
}: {
  readonly text: string;
  readonly onText: (text: string) => void;
  readonly onSave: () => void;
}) {
  const { problems, hosts } = useChecked(text);
  const [jump, setJump] = useState<{ line: number } | null>(null);
  const marks = useMemo(
    () =>
      problems.map(({ message, hint, place }) => ({
        line: place?.line ?? 1,
        column: place?.column,
        text: hint ? `${message}\n${hint}` : message,
      })),
    [problems],
  );
  return (
    <div className="file-editor">
      <CodeEditor
        label="Cluster file"
        language="yaml"
        text={text}
        marks={marks}
        jumpTo={jump}
        onText={onText}
        onSave={onSave}
      />
      <div className="file-problems" role="status">
        {problems.length === 0 ? (
          <p>
            <SignMark tone="good" shape="disc" />{' '}
            {hosts === null ? 'Checking…' : `No problems · ${count(hosts, 'host')}`}
          </p>
        ) : (
          <ul>
            {problems.map((problem) => (
              <li key={`${problem.place?.line}:${problem.place?.column} ${problem.message}`}>
                <SignMark tone="bad" shape="cross" />
                <span>
                  {problem.place && (
                    <button
                      type="button"
                      className="link-button"
                      onClick={() => setJump({ line: problem.place?.line ?? 1 })}
                    >
                      Line {problem.place.line}
                    </button>
                  )}{' '}
                  {problem.message}
                  {problem.hint && <span className="faint">. {problem.hint}</span>}
                </span>
              </li>
            ))}
          </ul>
        )}
      </div>
    </div>
  );
}

function useChecked(text: string): { problems: readonly Problem[]; hosts: number | null } {
  const { link } = useConsole();
  const [checked, setChecked] = useState<{ problems: readonly Problem[]; hosts: number | null }>({
    problems: [],
    hosts: null,
  });
  useEffect(() => {
    const stop = new AbortController();
    const timer = setTimeout(() => {
      link.call('clusters.check', { text }, stop.signal).then(setChecked, (error: unknown) => {
        const problem = toProblem(error);
        if (problem.code !== 'cancelled') setChecked({ problems: [problem], hosts: null });
      });
    }, settleMs);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [link, text]);
  return checked;
}
