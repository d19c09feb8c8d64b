import { TextField } from '../ui/field.tsx';

/** How long a password is kept, in words. */
const kept = {
  'for-the-change': 'Held in memory while this console drives the change, never written down.',
  'to-read': 'Some hosts show this file to root only. Used to read it, never kept.',
  once: 'Used once, never kept.',
} as const;

/** Asks for the password that sudo wants, and says what becomes of it. */
export function SudoPassword({
  on,
  keep,
  value,
  autoFocus = false,
  onChange,
}: {
  /** Where sudo asks for it, when that is worth a word. */
  readonly on?: string | undefined;
  readonly keep: keyof typeof kept;
  readonly value: string;
  readonly autoFocus?: boolean;
  readonly onChange: (password: string) => void;
}) {
  return (
    <TextField
      label={on === undefined ? 'Password for sudo' : `Password for sudo on ${on}`}
      type="password"
      hint={kept[keep]}
      autoFocus={autoFocus}
      value={value}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}
