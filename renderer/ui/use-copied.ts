import { useCallback, useEffect, useState } from 'react';

/** Copies texts to the clipboard and knows for a moment afterwards that it did. */
export function useCopied(): {
  readonly copied: boolean;
  readonly refused: boolean;
  readonly copy: (text: string) => void;
} {
  const [outcome, setOutcome] = useState<'copied' | 'refused' | null>(null);
  useEffect(() => {
    if (outcome === null) return undefined;
    const timer = setTimeout(() => setOutcome(null), 1500);
    return () => clearTimeout(timer);
  }, [outcome]);
  const copy = useCallback((text: string) => {
    navigator.clipboard.writeText(text).then(
      () => setOutcome('copied'),
      () => setOutcome('refused'),
    );
  }, []);
  return { copied: outcome === 'copied', refused: outcome === 'refused', copy };
}
