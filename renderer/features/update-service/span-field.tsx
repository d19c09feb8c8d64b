import { useState } from 'react';
import { Choice, TextField } from '../../ui/field.tsx';

const units = [
  { value: '60', label: 'minutes' },
  { value: '3600', label: 'hours' },
  { value: '86400', label: 'days' },
];

/** A span of time as an amount and its unit; NaN while the amount is no whole number. */
export function SpanField({
  label,
  seconds,
  error,
  onChange,
}: {
  readonly label: string;
  readonly seconds: number;
  readonly error?: string | undefined;
  readonly onChange: (seconds: number) => void;
}) {
  const first = units.findLast(({ value }) => seconds % Number(value) === 0)?.value ?? '60';
  const [unit, setUnit] = useState(first);
  const [amount, setAmount] = useState(String(seconds / Number(first)));
  const tell = (text: string, of: string) => {
    setAmount(text);
    setUnit(of);
    onChange(/^\d{1,6}$/.test(text.trim()) ? Number(text) * Number(of) : Number.NaN);
  };
  return (
    <div className="service-span">
      <TextField
        label={label}
        inputMode="numeric"
        value={amount}
        error={error && 'From 1 minute to 30 days.'}
        onChange={(event) => tell(event.target.value, unit)}
      />
      <Choice label={`Unit of: ${label}`} hideLabel value={unit} options={units} onChange={(of) => tell(amount, of)} />
    </div>
  );
}
