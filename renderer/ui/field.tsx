import { useId } from 'react';
import './field.css';

interface FieldProps {
  readonly label: string;
  /** What the value means or must look like. */
  readonly hint?: React.ReactNode;
  /** Why the value cannot be taken; shown instead of the hint. */
  readonly error?: string | undefined;
}

type TextProps<E extends 'input' | 'textarea'> = FieldProps & Omit<React.ComponentProps<E>, 'id'>;

/** A labelled line of text. */
export function TextField({ label, hint, error, className, ...rest }: TextProps<'input'>) {
  return (
    <Labelled {...{ label, hint, error, className }}>
      {(attributes) => <input className="input" {...attributes} {...rest} />}
    </Labelled>
  );
}

/** A labelled block of text. */
export function TextBlock({ label, hint, error, className, ...rest }: TextProps<'textarea'>) {
  return (
    <Labelled {...{ label, hint, error, className }}>
      {(attributes) => <textarea className="input text-block" {...attributes} {...rest} />}
    </Labelled>
  );
}

/** The label of a text, what is said below it, and the attributes that tie them to it. */
function Labelled({
  label,
  hint,
  error,
  className = '',
  children,
}: FieldProps & {
  readonly className: string | undefined;
  readonly children: (
    attributes: React.AriaAttributes & { id: string; autoComplete: string; spellCheck: boolean },
  ) => React.ReactNode;
}) {
  const id = useId();
  return (
    <div className={`field ${className}`}>
      <label htmlFor={id}>{label}</label>
      {children({
        id,
        autoComplete: 'off',
        spellCheck: false,
        'aria-invalid': error ? true : undefined,
        'aria-describedby': error || hint ? `${id}-note` : undefined,
      })}
      <FieldNote id={id} hint={hint} error={error} />
    </div>
  );
}

/** A labelled choice among a few. */
export function Choice<T extends string>({
  label,
  value,
  options,
  onChange,
  hideLabel = false,
}: {
  readonly label: string;
  readonly value: T;
  readonly options: readonly { readonly value: T; readonly label: string }[];
  readonly onChange: (value: T) => void;
  readonly hideLabel?: boolean;
}) {
  const id = useId();
  return (
    <div className="field field-inline">
      <label htmlFor={id} className={hideLabel ? 'unseen' : undefined}>
        {label}
      </label>
      <select id={id} className="input select" value={value} onChange={(event) => onChange(event.target.value as T)}>
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
    </div>
  );
}

/** A box to tick, with its sentence. */
export function Tick({
  label,
  checked,
  onChange,
  disabled = false,
}: {
  readonly label: React.ReactNode;
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
  readonly disabled?: boolean;
}) {
  return (
    <label className="tick">
      <input
        type="checkbox"
        checked={checked}
        disabled={disabled}
        onChange={(event) => onChange(event.target.checked)}
      />
      <span>{label}</span>
    </label>
  );
}

/** A few choices side by side, one of which holds. */
export function Segments<T extends string>({
  label,
  value,
  options,
  onChange,
}: {
  readonly label: string;
  readonly value: T;
  readonly options: readonly { readonly value: T; readonly label: React.ReactNode; readonly name?: string }[];
  readonly onChange: (value: T) => void;
}) {
  return (
    <div className="segments" role="group" aria-label={label}>
      {options.map((option) => (
        <button
          key={option.value}
          type="button"
          aria-pressed={option.value === value}
          aria-label={option.name}
          title={option.name}
          onClick={() => onChange(option.value)}
        >
          {option.label}
        </button>
      ))}
    </div>
  );
}

function FieldNote({ id, hint, error }: { id: string; hint: React.ReactNode; error: string | undefined }) {
  if (error) {
    return (
      <p id={`${id}-note`} className="field-error">
        {error}
      </p>
    );
  }
  return hint ? (
    <p id={`${id}-note`} className="field-hint">
      {hint}
    </p>
  ) : null;
}
