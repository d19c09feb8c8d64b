import { useMemo, useState } from 'react';
import type { Problem } from '#shared/contract/problem.ts';
import { cleanText } from '#shared/lib/clean-text.ts';
import { openTokens, secretTokens } from '#shared/lib/secret-tokens.ts';
import { useDo } from '../state/calls.ts';
import { Button } from '../ui/button.tsx';
import { ProblemNote } from '../ui/notes.tsx';
import { count } from '../words/amounts.ts';
import './secrets.css';

const none: ReadonlyMap<string, string> = new Map();

/** The texts with their secrets as tokens, or opened once a person asked for it, and the note that says so. */
export function useSecrets(
  texts: Readonly<Record<string, string>>,
  where: string,
): { readonly texts: Readonly<Record<string, string>>; readonly note: React.ReactNode } {
  const { tokens, values, note } = useReveal(texts, where);
  const open = tokens.some((token) => values.has(token));
  const shown = useMemo(
    () =>
      open ? Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, openTokens(text, values)])) : texts,
    [texts, values, open],
  );
  return { texts: shown, note };
}

/** What the secrets in texts are that stay marked where they stand, because they are edited there. */
export function SecretsList({
  texts,
  where,
}: {
  readonly texts: Readonly<Record<string, string>>;
  readonly where: string;
}) {
  const { tokens, values, note } = useReveal(texts, where);
  const open = tokens.filter((token) => values.has(token));
  return (
    <>
      {note}
      {open.length > 0 && (
        <dl className="secrets-list" aria-label="Secrets">
          {open.map((token) => (
            <div key={token}>
              <dt>{token}</dt>
              <dd>{cleanText(values.get(token) ?? '')}</dd>
            </div>
          ))}
        </dl>
      )}
    </>
  );
}

function useReveal(texts: Readonly<Record<string, string>>, where: string) {
  const [values, setValues] = useState(none);
  const reveal = useDo('secrets.reveal');
  const tokens = useMemo(() => [...new Set(Object.values(texts).flatMap(secretTokens))].slice(0, 1000), [texts]);
  const open = tokens.some((token) => values.has(token));
  const show = async () => {
    const answer = await reveal.run({ tokens, where });
    if (answer) setValues(new Map(Object.entries(answer.values)));
  };
  const note = tokens.length > 0 && (
    <div className="secrets-note">
      <span className="faint">
        {count(tokens.length, 'secret')} {open ? 'shown' : 'hidden'}: passwords, keys and tokens, by their look.{' '}
        {!open && 'Equal ones have equal marks.'}
      </span>{' '}
      <Button kind="quiet" disabled={reveal.busy} onClick={() => void (open ? setValues(none) : show())}>
        {open ? 'Hide them' : 'Show them'}
      </Button>
      {reveal.problem && <ProblemNote problem={reveal.problem} />}
    </div>
  );
  return { tokens, values, note };
}

/** As many marks as one call opens. */
const mostAtOnce = 1000;

/** Opens the secrets of texts for what is done with them once; the activity log says who did, and where. */
export function useOpenTexts(where: string): {
  /** Null when they could not be opened; says why in `problem`. */
  readonly open: (texts: Readonly<Record<string, string>>) => Promise<Record<string, string> | null>;
  readonly busy: boolean;
  readonly problem: Problem | null;
} {
  const reveal = useDo('secrets.reveal');
  const open = async (texts: Readonly<Record<string, string>>) => {
    const tokens = [...new Set(Object.values(texts).flatMap(secretTokens))];
    const values = new Map<string, string>();
    for (let at = 0; at < tokens.length; at += mostAtOnce) {
      const answer = await reveal.run({ tokens: tokens.slice(at, at + mostAtOnce), where });
      if (!answer) return null;
      for (const [token, value] of Object.entries(answer.values)) values.set(token, value);
    }
    return Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, openTokens(text, values)]));
  };
  return { open, busy: reveal.busy, problem: reveal.problem };
}
