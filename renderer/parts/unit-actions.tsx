import { useState } from 'react';
import type { UnitVerb } from '#shared/contract/unit.ts';
import { useOperate } from '../state/hooks.ts';
import { useKeys } from '../state/keyboard.ts';
import { Button } from '../ui/button.tsx';
import { UnitConfirm } from './unit-confirm.tsx';
import { verbWords, verbsFor } from './unit-verbs.ts';
import './unit-actions.css';

interface UnitActionsProps {
  readonly hosts: readonly string[];
  readonly unit: string;
  readonly active: string;
  readonly fileState: string;
  /** The verb whose plan is shown from the start; null is none. */
  readonly asked: UnitVerb | null;
}

/** What can be done with a unit; each verb shows its plan inside the button that confirms it. Absent in observe mode. */
export function UnitActions({ hosts, unit, active, fileState, asked }: UnitActionsProps) {
  const operate = useOperate();
  return operate ? <Verbs hosts={hosts} unit={unit} active={active} fileState={fileState} asked={asked} /> : null;
}

function Verbs({ hosts, unit, active, fileState, asked }: UnitActionsProps) {
  const [verb, setVerb] = useState<UnitVerb | null>(asked);
  const verbs = verbsFor(active, fileState);
  const key = (keys: string, one: UnitVerb) => ({
    keys,
    label: `${verbWords[one]} the unit`,
    run: () => setVerb(one),
  });
  useKeys('Unit', 'detail', [
    key('r', 'restart'),
    ...(verbs.includes('start') ? [key('s', 'start')] : []),
    ...(verbs.includes('stop') ? [key('s', 'stop')] : []),
    ...(verbs.includes('reset-failed') ? [key('f', 'reset-failed')] : []),
  ]);
  if (verb !== null) {
    return (
      <div className="unit-actions">
        <UnitConfirm key={verb} hosts={hosts} unit={unit} verb={verb} onClose={() => setVerb(null)} />
      </div>
    );
  }
  return (
    <div className="unit-actions unit-verbs" role="group" aria-label={`Actions of ${unit}`}>
      {verbs.map((one) => (
        <Button key={one} onClick={() => setVerb(one)}>
          {verbWords[one]}
        </Button>
      ))}
    </div>
  );
}
