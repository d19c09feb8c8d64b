import { Check, Copy } from 'lucide-react';
import { IconButton } from './button.tsx';
import { useCopied } from './use-copied.ts';

/** Copies a text, or what is made when it is asked for, and shows for a moment that it did, or that the system refused. */
export function CopyButton({
  text,
  name,
}: {
  readonly text: string | (() => Promise<string | null>);
  readonly name: string;
}) {
  const { copied, refused, copy } = useCopied();
  const said = copied ? 'Copied' : refused ? 'The system did not allow copying' : name;
  const copyIt = async () => {
    const made = typeof text === 'string' ? text : await text();
    if (made !== null) copy(made);
  };
  return (
    <IconButton name={said} onClick={() => void copyIt()}>
      {copied ? <Check size={14} /> : <Copy size={14} />}
    </IconButton>
  );
}
