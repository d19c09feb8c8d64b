import type { ServerPolicy } from '#shared/contract/update-server.ts';
import { Tick } from '../ui/field.tsx';

type Ticks = Pick<ServerPolicy, 'updatesEnabled' | 'safeMode' | 'officeHours'>;

/** Whether, how carefully and when an update server hands out updates; `labels` are in the words of its view. */
export function PolicyTicks({
  policy,
  labels,
  onChange,
}: {
  readonly policy: Ticks;
  readonly labels: Readonly<Record<'safeMode' | 'officeHours', string>>;
  readonly onChange: (change: Partial<Ticks>) => void;
}) {
  return (
    <>
      <Tick
        label="Updates are enabled"
        checked={policy.updatesEnabled}
        onChange={(updatesEnabled) => onChange({ updatesEnabled })}
      />
      <Tick label={labels.safeMode} checked={policy.safeMode} onChange={(safeMode) => onChange({ safeMode })} />
      <Tick
        label={labels.officeHours}
        checked={policy.officeHours}
        onChange={(officeHours) => onChange({ officeHours })}
      />
    </>
  );
}
