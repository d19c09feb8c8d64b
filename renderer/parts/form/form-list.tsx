import { Plus, X } from 'lucide-react';
import { useId, useRef, useState } from 'react';
import type { ListField } from '#shared/lib/form/form.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { Offers } from './form-value.tsx';
import { useTyped } from './use-typed.ts';

/** Several values of one name, each in a line; another is added below them. */
export function FormList({ field, onText }: { readonly field: ListField; readonly onText: (text: string) => void }) {
  const [next, setNext] = useState('');
  const [refused, setRefused] = useState<string | null>(null);
  const more = useRef<HTMLInputElement>(null);
  const id = useId();
  const wrong = next === '' ? null : field.check(next.trim());
  const put = (made: ReturnType<ListField['append']>) => {
    setRefused(typeof made === 'string' ? null : [made.message, made.hint].filter(Boolean).join('. '));
    if (typeof made === 'string') onText(made);
    more.current?.focus();
    return typeof made === 'string';
  };
  const add = () => {
    if (next.trim() !== '' && wrong === null && put(field.append(next.trim()))) setNext('');
  };
  const error = wrong ?? refused;
  return (
    <div className="field form-list" role="group" aria-label={field.label}>
      <span className="form-label">{field.label}</span>
      {field.values.map((value, at) => (
        <ListValue
          // The values of a list have no names but their places.
          // oxlint-disable-next-line react/no-array-index-key -- a place keeps the cursor while its value changes
          key={at}
          field={field}
          at={at}
          value={value}
          onText={onText}
          onRemove={() => put(field.change(at, null))}
        />
      ))}
      <div className="form-row">
        <input
          ref={more}
          className="input form-code"
          aria-label={`Another ${field.one}`}
          aria-invalid={wrong !== null ? true : undefined}
          aria-describedby={error || field.hint ? `${id}-note` : undefined}
          placeholder={`Another ${field.one}`}
          autoComplete="off"
          spellCheck={false}
          list={field.options.length > 0 ? id : undefined}
          value={next}
          onChange={(event) => setNext(event.target.value)}
          onKeyDown={(event) => event.key === 'Enter' && add()}
        />
        <Offers id={id} options={field.options.filter((option) => !field.values.includes(option))} />
        {field.wide ? (
          <Button disabled={next.trim() === '' || wrong !== null} onClick={add}>
            Add {field.one}
          </Button>
        ) : (
          <IconButton name={`Add ${field.one}`} disabled={next.trim() === '' || wrong !== null} onClick={add}>
            <Plus size={14} aria-hidden="true" />
          </IconButton>
        )}
      </div>
      {error ? (
        <p id={`${id}-note`} className="field-error" role="alert">
          {error}
        </p>
      ) : (
        field.hint && (
          <p id={`${id}-note`} className="field-hint">
            {field.hint}
          </p>
        )
      )}
    </div>
  );
}

function ListValue({
  field,
  at,
  value,
  onText,
  onRemove,
}: {
  readonly field: ListField;
  readonly at: number;
  readonly value: string;
  readonly onText: (text: string) => void;
  readonly onRemove: () => void;
}) {
  const typed = useTyped(value, field.check, (next) => field.change(at, next), onText);
  const id = useId();
  const name = `${field.one} ${at + 1}`;
  // Keys look alike but for what stands at their end.
  const tail = value.length > 60 ? (/\s(\S{1,40})$/.exec(value)?.[1] ?? '') : '';
  return (
    <div className="field">
      <div className="form-row">
        <input
          className="input form-code"
          aria-label={name}
          aria-invalid={typed.error ? true : undefined}
          aria-describedby={typed.error ? id : undefined}
          title={value}
          placeholder="empties the list"
          autoComplete="off"
          spellCheck={false}
          value={typed.shown}
          onChange={(event) => typed.type(event.target.value)}
          onBlur={typed.leave}
        />
        {tail !== '' && <span className="form-tail faint cut">{tail}</span>}
        <IconButton name={`Remove ${name}`} onClick={onRemove}>
          <X size={14} aria-hidden="true" />
        </IconButton>
      </div>
      {typed.error && (
        <p id={id} className="field-error">
          {typed.error}
        </p>
      )}
    </div>
  );
}
