import { useMemo, useState } from 'react';
import type { WavePolicy } from '#shared/contract/change.ts';
import { printWindow, readWindow } from '#shared/lib/change/change-window.ts';
import { printWaveSizes, readWaveSizes } from '#shared/lib/change/wave-sizes.ts';
import { useRecords } from '../state/hooks.ts';
import { Choice, TextField } from '../ui/field.tsx';
import './wave-choice.css';

const shapes = {
  careful: [
    { size: 1, unit: 'hosts' },
    { size: 10, unit: 'percent' },
    { size: 50, unit: 'percent' },
    { size: 100, unit: 'percent' },
  ],
  canary: [
    { size: 1, unit: 'hosts' },
    { size: 100, unit: 'percent' },
  ],
  single: [],
  one: [{ size: 100, unit: 'percent' }],
} as const satisfies Record<string, WavePolicy['waves']>;
type Shape = keyof typeof shapes | 'own';

const shapeOptions: { value: Shape; label: string }[] = [
  { value: 'careful', label: '1, then 10 %, 50 %, all' },
  { value: 'canary', label: '1, then all' },
  { value: 'single', label: 'one after another' },
  { value: 'one', label: 'all at once' },
  { value: 'own', label: 'sizes of my own' },
];
const soaks = ['0', '10', '60', '300', '1800'];
const budgets = ['0', '1', '2', '5'];
const deadmen = ['60', '90', '180', '600'];

/** In which waves, how far apart, how many may fail, and how long a host waits to be confirmed. */
export function WaveChoice({
  policy,
  onChange,
}: {
  readonly policy: WavePolicy;
  readonly onChange: (policy: WavePolicy) => void;
}) {
  const records = useRecords('host');
  const labels = useMemo(() => {
    const keys = new Set<string>();
    for (const { identity } of records.values()) for (const key of Object.keys(identity?.labels ?? {})) keys.add(key);
    return [...keys].toSorted();
  }, [records]);
  const [own, setOwn] = useState(false);
  const shape = own ? 'own' : policy.maxUnavailable === 1 && policy.waves.length === 1 ? 'single' : shapeOf(policy);
  const choose = (next: Shape) => {
    setOwn(next === 'own');
    if (next === 'own') return;
    const waves = next === 'single' ? [...shapes.one] : [...shapes[next]];
    onChange({ ...policy, waves, maxUnavailable: next === 'single' ? 1 : 25 });
  };
  const seconds = (value: string) => ({ value, label: wordsOf(Number(value)) });
  return (
    <div className="wave-choice" role="group" aria-label="Waves">
      <Choice label="Waves" value={shape} options={shapeOptions} onChange={choose} />
      {shape === 'own' && <SizesField policy={policy} onChange={onChange} />}
      <TextField
        label="At most at a time"
        className="field-inline"
        type="number"
        min={1}
        max={5000}
        value={String(policy.maxUnavailable)}
        onChange={(event) => {
          const maxUnavailable = Math.round(Number(event.target.value));
          if (maxUnavailable >= 1 && maxUnavailable <= 5000) onChange({ ...policy, maxUnavailable });
        }}
      />
      <Choice
        label="Between waves"
        value={String(policy.soakS)}
        options={soaks.map(seconds)}
        onChange={(value) => onChange({ ...policy, soakS: Number(value) })}
      />
      <Choice
        label="May fail"
        value={String(policy.failureBudget)}
        options={budgets.map((value) => ({ value, label: value === '0' ? 'none' : value }))}
        onChange={(value) => onChange({ ...policy, failureBudget: Number(value) })}
      />
      <Choice
        label="Takes itself back after"
        value={String(policy.deadmanS)}
        options={deadmen.map(seconds)}
        onChange={(value) => onChange({ ...policy, deadmanS: Number(value) })}
      />
      {labels.length > 0 && (
        <Choice
          label="Spread over"
          value={policy.spreadOver ?? ''}
          options={[{ value: '', label: 'nothing' }, ...labels.map((key) => ({ value: key, label: `label ${key}` }))]}
          onChange={(value) => onChange({ ...policy, spreadOver: value === '' ? null : value })}
        />
      )}
      <Choice
        label="Confirmed over"
        value={policy.confirmOver}
        options={[
          { value: 'new-connection', label: 'a new connection' },
          { value: 'open-connection', label: 'the open connection' },
        ]}
        onChange={(confirmOver) => onChange({ ...policy, confirmOver })}
      />
      <WindowField policy={policy} onChange={onChange} />
    </div>
  );
}

/** How many hosts each wave has, as a line of text. */
function SizesField({
  policy,
  onChange,
}: {
  readonly policy: WavePolicy;
  readonly onChange: (policy: WavePolicy) => void;
}) {
  const [text, setText] = useState(() => printWaveSizes(policy.waves));
  const read = readWaveSizes(text);
  return (
    <TextField
      label="Sizes of the waves"
      className="field-inline"
      placeholder="1, 3, 8 or 1, 10 %, 50 %, all"
      hint="What is left after the last is one more wave."
      value={text}
      error={Array.isArray(read) ? undefined : `As in: 1, 3, 8 or 1, 10 %, 50 %, all. Not a size: ${read.wrong}`}
      onChange={(event) => {
        setText(event.target.value);
        const waves = readWaveSizes(event.target.value);
        if (Array.isArray(waves)) onChange({ ...policy, waves });
      }}
    />
  );
}

/** When hosts may be begun, as a line of text. */
function WindowField({
  policy,
  onChange,
}: {
  readonly policy: WavePolicy;
  readonly onChange: (policy: WavePolicy) => void;
}) {
  const [text, setText] = useState(() => (policy.window ? printWindow(policy.window) : ''));
  return (
    <TextField
      label="Only within"
      className="field-inline"
      placeholder="any time, or: sat,sun 02:00 4h Europe/Rome"
      value={text}
      error={
        readWindow(text) === undefined ? 'As in: mon-fri 22:00 6h (UTC), or daily 03:00 90m Europe/Rome' : undefined
      }
      onChange={(event) => {
        setText(event.target.value);
        const window = readWindow(event.target.value);
        if (window !== undefined) onChange({ ...policy, window });
      }}
    />
  );
}

function shapeOf({ waves }: WavePolicy): Shape {
  const text = JSON.stringify(waves);
  const known = Object.entries(shapes).find(([, sizes]) => JSON.stringify(sizes) === text);
  return known ? (known[0] as Shape) : 'own';
}

function wordsOf(seconds: number): string {
  if (seconds === 0) return 'no wait';
  return seconds < 120 ? `${seconds} s` : `${seconds / 60} min`;
}
