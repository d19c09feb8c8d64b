import { useState } from 'react';
import { type Checks, readPorts } from '#shared/lib/change/checks.ts';
import { Choice, TextBlock, TextField, Tick } from '../ui/field.tsx';
import './check-choice.css';

const settles = ['0', '5', '15', '60', '300'];
const limits = ['10', '30', '120', '600'];

/** What each host must pass: checks of a copy beforehand, and of the host once the change is made. */
export function CheckChoice({
  checks,
  named,
  ofFile,
  onChange,
}: {
  readonly checks: Checks;
  /** Ports that the text itself names. */
  readonly named: readonly number[];
  /** Whether the change is of one file, which a command of one's own may check. */
  readonly ofFile: boolean;
  readonly onChange: (checks: Checks) => void;
}) {
  const [typed, setTyped] = useState<string | null>(null);
  const ports = typed ?? (checks.ports ?? named).join(', ');
  const read = readPorts(ports);
  const set = (change: Partial<Checks>) => onChange({ ...checks, ...change });
  return (
    <details className="check-choice">
      <summary>Checks: {summaryOf(checks, named)}</summary>
      <div className="check-choice-fields" role="group" aria-label="Checks">
        <Tick
          label="Its health is no worse than before"
          checked={checks.health}
          onChange={(health) => set({ health })}
        />
        <Tick
          label="systemd calls the system no worse than before"
          checked={checks.system}
          onChange={(system) => set({ system })}
        />
        <Tick label="Units that run again are active" checked={checks.units} onChange={(units) => set({ units })} />
        {checks.units && (
          <Choice
            label="and still are after"
            value={String(checks.settleS)}
            options={settles.map((value) => ({ value, label: value === '0' ? 'no wait' : seconds(value) }))}
            onChange={(value) => set({ settleS: Number(value) })}
          />
        )}
        <TextField
          label="Ports that answer"
          className="field-inline"
          placeholder="none, or: 22, 8080"
          hint="Connected to on the host itself."
          error={Array.isArray(read) ? undefined : `Not a port: ${read.wrong}`}
          value={ports}
          onChange={(event) => {
            setTyped(event.target.value);
            const next = readPorts(event.target.value);
            if (Array.isArray(next)) set({ ports: next });
          }}
        />
        <TextBlock
          label="A command that exits with 0"
          rows={2}
          placeholder="curl -fsS http://localhost:8080/health"
          hint="Run as root by /bin/sh on the host, once the change is made."
          value={checks.command}
          maxLength={4000}
          onChange={(event) => set({ command: event.target.value })}
        />
        {checks.command.trim() !== '' && (
          <Choice
            label="within"
            value={String(checks.timeoutS)}
            options={limits.map((value) => ({ value, label: seconds(value) }))}
            onChange={(value) => set({ timeoutS: Number(value) })}
          />
        )}
        {ofFile && (
          <TextField
            label="Before: a command for a copy of the file"
            placeholder='nginx -t -c "$1"'
            hint={
              'Run as root before anything is changed; "$1" is the copy. What the host has for this kind of file runs anyway.'
            }
            value={checks.validator}
            maxLength={4000}
            onChange={(event) => set({ validator: event.target.value })}
          />
        )}
      </div>
    </details>
  );
}

const seconds = (value: string) => (Number(value) < 120 ? `${value} s` : `${Number(value) / 60} min`);

function summaryOf(checks: Checks, named: readonly number[]): string {
  const words = [
    checks.health && 'health',
    checks.system && 'system',
    checks.units && 'units active',
    ...(checks.ports ?? named).map((port) => `port ${port}`),
    checks.command.trim() !== '' && 'a command',
    checks.validator.trim() !== '' && 'a check of the file',
  ].filter((word) => word !== false);
  return words.length === 0 ? 'none' : words.join(', ');
}
