import { useState } from 'react';
import type { ServerApp, ServerEdit, ServerGroup } from '#shared/contract/update-server.ts';
import { isInterval } from '#shared/contract/update-interval.ts';
import { archWords } from '#shared/lib/update/server-words.ts';
import { Choice, TextField } from '../../ui/field.tsx';
import { PolicyTicks } from '../../parts/policy-ticks.tsx';
import { EditDialog } from './edit-dialog.tsx';

const ticks = {
  safeMode: 'Safe mode: one instance first, stop when it fails',
  officeHours: 'Office hours only: Monday to Friday, 09:00 to 17:00',
};

/** The policy of a group and its channel, edited where they are kept: on the server. */
export function PolicyDialog({
  app,
  group,
  onClose,
}: {
  readonly app: ServerApp;
  readonly group: ServerGroup;
  readonly onClose: () => void;
}) {
  const [policy, setPolicy] = useState(group.policy);
  const [most, setMost] = useState(String(group.policy.maxUpdatesPerPeriod));
  const [channel, setChannel] = useState(group.channel ?? '');
  const set = (change: Partial<typeof policy>) => setPolicy({ ...policy, ...change });
  const number = /^\d{1,6}$/.test(most) && Number(most) >= 1 ? Number(most) : null;
  const zone = isTimeZone(policy.timeZone);
  const usable = number !== null && zone && isInterval(policy.periodInterval) && isInterval(policy.updateTimeout);
  const edit: ServerEdit | null = usable
    ? {
        verb: 'set-policy',
        app: app.id,
        group: group.id,
        channel: channel || null,
        policy: { ...policy, maxUpdatesPerPeriod: number },
      }
    : null;
  const wrongInterval = (text: string) => (isInterval(text) ? undefined : 'Write it as 15 minutes, 1 hours or 2 days.');
  return (
    <EditDialog
      title={`Edit the policy of ${group.name}`}
      verb={`Write the policy of ${group.name}`}
      edit={edit}
      nameOf={(text) => app.channels.find(({ id }) => id === text)?.name ?? text}
      onClose={onClose}
    >
      <div className="server-form">
        <PolicyTicks policy={policy} labels={ticks} onChange={set} />
        <TextField
          label="Time zone"
          value={policy.timeZone}
          error={zone ? undefined : 'Write a zone as Europe/Rome or UTC.'}
          onChange={(event) => set({ timeZone: event.target.value })}
        />
        <TextField
          label="Updates per interval"
          inputMode="numeric"
          value={most}
          error={number === null ? 'A whole number from 1 to 999999.' : undefined}
          hint="As many may be under way at once."
          onChange={(event) => setMost(event.target.value)}
        />
        <TextField
          label="Interval"
          value={policy.periodInterval}
          error={wrongInterval(policy.periodInterval)}
          onChange={(event) => set({ periodInterval: event.target.value })}
        />
        <TextField
          label="Update timeout"
          value={policy.updateTimeout}
          error={wrongInterval(policy.updateTimeout)}
          hint="An update that takes longer counts as timed out."
          onChange={(event) => set({ updateTimeout: event.target.value })}
        />
        <Choice
          label="Channel"
          value={channel}
          options={[
            { value: '', label: 'none: offer nothing' },
            ...app.channels.map(({ id, name, arch, version }) => ({
              value: id,
              label: `${name} (${archWords(arch)}${version === null ? ', no package' : `, ${version}`})`,
            })),
          ]}
          onChange={setChannel}
        />
      </div>
    </EditDialog>
  );
}

function isTimeZone(zone: string): boolean {
  try {
    return zone !== '' && new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
