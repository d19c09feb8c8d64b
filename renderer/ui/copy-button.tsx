import { Check, Copy } from 'lucide-react';
import { IconButton } from './button.tsx';
import { useCopied } from './use-copied.ts';

/** Copies a text and shows for a moment that it did, or that the system refused. */
export function CopyButton({ text, name }: { readonly text: string; readonly name: string }) {
  const { copied, refused, copy } = useCopied();
  const said = copied ? 'Copied' : refused ? 'The system did not allow copying' : name;
  return (
    <IconButton name={said} onClick={() => copy(text)}>
      {copied ? <Check size={14} /> : <Copy size={14} />}
    </IconButton>
  );
}
