import { X } from 'lucide-react';
import { useId, useState } from 'react';
import type { ValueField } from '#shared/lib/form/form.ts';
import { IconButton } from '../../ui/button.tsx';
import { Choice, TextBlock, TextField } from '../../ui/field.tsx';
import { useTyped } from './use-typed.ts';

/** One value of a form, in the kind of field that it takes. */
export function FormValue({ field, onText }: { readonly field: ValueField; readonly onText: (text: string) => void }) {
  if (field.kind === 'choice') return <ChosenValue field={field} onText={onText} />;
  if (field.kind === 'secret') return <SecretValue field={field} onText={onText} />;
  return <TypedValue field={field} onText={onText} />;
}

type Props = React.ComponentProps<typeof FormValue>;

function TypedValue({ field, onText }: Props) {
  const typed = useTyped(field.value, field.check, field.write, onText);
  const id = useId();
  const rest = {
    label: field.label,
    hint: field.hint,
    error: typed.error,
    value: typed.shown,
    onBlur: typed.leave,
    className: 'form-mono',
  };
  if (field.kind === 'block')
    return (
      <TextBlock
        {...rest}
        rows={Math.min(16, Math.max(4, typed.shown.split('\n').length))}
        onChange={(event) => typed.type(event.target.value)}
      />
    );
  return (
    <>
      <TextField
        {...rest}
        placeholder="not said"
        list={field.options.length > 0 ? id : undefined}
        onChange={(event) => typed.type(event.target.value)}
      />
      <Offers id={id} options={field.options} />
    </>
  );
}

/** What a field offers while it is typed in. */
export function Offers({ id, options }: { readonly id: string; readonly options: readonly string[] }) {
  if (options.length === 0) return null;
  return (
    <datalist id={id}>
      {options.map((option) => (
        <option key={option} value={option} />
      ))}
    </datalist>
  );
}

const words: Readonly<Record<string, string>> = { '': 'not said', true: 'yes', false: 'no' };

function ChosenValue({ field, onText }: Props) {
  const [refused, setRefused] = useState<string | null>(null);
  const value = field.value ?? '';
  const all = ['', ...field.options, ...(field.options.includes(value) || value === '' ? [] : [value])];
  return (
    <div className="field">
      <Choice
        label={field.label}
        value={value}
        options={all.map((option) => ({ value: option, label: words[option] ?? option }))}
        onChange={(next) => {
          const made = field.write(next === '' ? null : next);
          setRefused(typeof made === 'string' ? null : made.message);
          if (typeof made === 'string') onText(made);
        }}
      />
      {refused ? (
        <p className="field-error" role="alert">
          {refused}
        </p>
      ) : (
        field.hint && <p className="field-hint">{field.hint}</p>
      )}
    </div>
  );
}

/** What is there is never shown; another can take its place. */
function SecretValue({ field, onText }: Props) {
  const typed = useTyped(null, field.check, field.write, onText);
  return (
    <div className="form-row">
      <TextField
        label={field.label}
        className="form-mono"
        placeholder={field.value === null ? 'not said' : 'Set and hidden; type another to replace it'}
        error={typed.error}
        value={typed.shown}
        onBlur={typed.leave}
        onChange={(event) => typed.type(event.target.value)}
      />
      {field.value !== null && (
        <IconButton
          name={`Remove ${field.label.toLowerCase()}`}
          onClick={() => {
            const made = field.write(null);
            if (typeof made === 'string') onText(made);
          }}
        >
          <X size={14} aria-hidden="true" />
        </IconButton>
      )}
    </div>
  );
}
