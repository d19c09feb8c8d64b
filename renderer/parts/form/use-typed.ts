import { useState } from 'react';
import type { Check } from '#shared/lib/form/form.ts';
import type { Written } from '#shared/lib/form/written.ts';

/** A value that is being typed, and why it is not in the text yet. */
export interface Typed {
  readonly shown: string;
  readonly error: string | undefined;
  readonly type: (value: string) => void;
  readonly leave: () => void;
}

/**
 * What is typed goes into the text at once as long as it keeps the rule of its field. What does not stays in the field with
 * the reason; an empty one takes the value out of the text when the field is left.
 */
export function useTyped(
  value: string | null,
  check: Check,
  write: (value: string | null) => Written,
  onText: (text: string) => void,
): Typed {
  const [typed, setTyped] = useState<string | null>(null);
  const [refused, setRefused] = useState<string | null>(null);
  const put = (next: string | null) => {
    if (next === value) return setRefused(null);
    const made = write(next);
    setRefused(typeof made === 'string' ? null : [made.message, made.hint].filter(Boolean).join('. '));
    if (typeof made === 'string') onText(made);
  };
  const wrong = typed === null || typed === '' ? null : check(typed);
  // What the text has already is marked as well, until something else is typed.
  const standing = typed === null && value ? check(value) : null;
  return {
    shown: typed ?? value ?? '',
    error: wrong ?? refused ?? standing ?? undefined,
    type: (next) => {
      setTyped(next);
      if (next !== '' && check(next) === null) put(next);
    },
    leave: () => {
      if (typed === '' && value !== null && value !== '') put(null);
      if (wrong === null) setTyped(null);
    },
  };
}
