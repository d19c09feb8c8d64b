import { Check, Copy } from 'lucide-react';
import { useEffect, useState } from 'react';
import { IconButton } from './button.tsx';

/** Copies a text and shows for a moment that it did, or that the system refused. */
export function CopyButton({ text, name }: { readonly text: string; readonly name: string }) {
  const [outcome, setOutcome] = useState<'copied' | 'refused' | null>(null);
  useEffect(() => {
    if (outcome === null) return;
    const timer = setTimeout(() => setOutcome(null), 1500);
    return () => clearTimeout(timer);
  }, [outcome]);
  const copy = () =>
    navigator.clipboard.writeText(text).then(
      () => setOutcome('copied'),
      () => setOutcome('refused'),
    );
  const said = outcome === 'copied' ? 'Copied' : outcome === 'refused' ? 'The system did not allow copying' : name;
  return (
    <IconButton name={said} onClick={() => void copy()}>
      {outcome === 'copied' ? <Check size={14} /> : <Copy size={14} />}
    </IconButton>
  );
}
