import { Plus } from 'lucide-react';
import { useEffect, useId, useRef, useState } from 'react';
import type { FormAdd } from '#shared/lib/form/form.ts';
import { Button } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';
import { Offers } from './form-value.tsx';

/** A button that asks for one word and adds what it names. */
export function FormAddButton({ add, onText }: { readonly add: FormAdd; readonly onText: (text: string) => void }) {
  const [asked, setAsked] = useState(false);
  const [word, setWord] = useState('');
  const [refused, setRefused] = useState<string | null>(null);
  const id = useId();
  const wrong = word === '' ? null : add.check(word.trim());
  // Why a word cannot be taken stands below the field, and so does the button.
  const shown = useRef<HTMLDivElement>(null);
  const why = wrong ?? refused;
  useEffect(() => {
    if (asked || why !== null) shown.current?.scrollIntoView({ block: 'nearest' });
  }, [asked, why]);
  const close = () => {
    setAsked(false);
    setWord('');
    setRefused(null);
  };
  const run = () => {
    if (word.trim() === '' || wrong !== null) return;
    const made = add.write(word.trim());
    if (typeof made !== 'string') return setRefused([made.message, made.hint].filter(Boolean).join('. '));
    close();
    onText(made);
  };
  if (!asked)
    return (
      <Button kind="quiet" onClick={() => setAsked(true)}>
        <Plus size={13} aria-hidden="true" />
        {add.label}
      </Button>
    );
  return (
    <div
      ref={shown}
      className="form-ask"
      role="group"
      aria-label={add.label}
      onKeyDown={(event) => {
        if (event.key === 'Enter' && event.target instanceof HTMLInputElement) run();
        if (event.key !== 'Escape') return;
        event.stopPropagation();
        close();
      }}
    >
      <TextField
        label={add.ask}
        className="form-mono"
        // The button that was pressed is gone, and this field is what it asked for.
        autoFocus
        hint={add.hint}
        error={why ?? undefined}
        list={add.options.length > 0 ? id : undefined}
        value={word}
        onChange={(event) => setWord(event.target.value)}
      />
      <Offers id={id} options={add.options} />
      <div className="form-ask-do">
        <Button disabled={word.trim() === '' || wrong !== null} onClick={run}>
          {add.label}
        </Button>
        <Button kind="quiet" onClick={close}>
          Cancel
        </Button>
      </div>
    </div>
  );
}
