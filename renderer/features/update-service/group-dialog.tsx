import { useState } from 'react';
import { type ServiceGroup, unlimitedUpdates, type UpdateService } from '#shared/contract/update-service.ts';
import { policyInWords } from '#shared/lib/update-service/policy-words.ts';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { Choice, TextField } from '../../ui/field.tsx';
import { ProblemNote } from '../../ui/notes.tsx';
import { PolicyTicks } from '../../parts/policy-ticks.tsx';
import { SpanField } from './span-field.tsx';
import { ArchChoice } from './arch-choice.tsx';
import { fieldErrors, useSave } from './use-save.ts';

const blank = (): ServiceGroup => ({
  id: crypto.randomUUID(),
  name: '',
  track: '',
  arch: 'amd64',
  channel: null,
  updatesEnabled: true,
  safeMode: true,
  officeHours: false,
  timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
  periodS: 3600,
  maxUpdatesPerPeriod: 1,
  updateTimeoutS: 3600,
});

const ticks = {
  safeMode: 'Safe mode: one machine first; when it fails, updates are disabled',
  officeHours: 'Only in office hours: Monday to Friday, 09:00 to 17:00',
};

/** What a group follows and how updates are given to it, with the policy said in a sentence as it is changed. */
export function GroupDialog({
  service,
  kept,
  onClose,
}: {
  readonly service: UpdateService;
  readonly kept: UpdateService['groups'][number] | null;
  readonly onClose: () => void;
}) {
  const [group, setGroup] = useState(kept?.value ?? blank);
  const [most, setMost] = useState(
    group.maxUpdatesPerPeriod === unlimitedUpdates ? '' : String(group.maxUpdatesPerPeriod),
  );
  const change = (more: Partial<ServiceGroup>) => setGroup((before) => ({ ...before, ...more }));
  const item = { kind: 'groups', value: group } as const;
  const errors = fieldErrors(item);
  const { busy, problem, submit } = useSave(kept?.revision ?? null, onClose);
  const title = kept ? `Edit group ${kept.value.name}` : 'Add a group';
  const channels = service.channels.filter(({ value }) => value.arch === group.arch);
  const wrong = Object.keys(errors).length > 0;
  const shown = (field: keyof ServiceGroup) => (group[field] === '' ? undefined : errors[field]);
  return (
    <ConfirmDialog
      title={title}
      width={640}
      verb={kept ? `Save group ${group.name}` : `Add group ${group.name}`}
      disabled={busy || wrong}
      onConfirm={() => void submit(item)}
      onClose={onClose}
    >
      <div className="service-form">
        <div className="service-pair">
          <TextField
            label="Name"
            autoFocus
            value={group.name}
            error={shown('name')}
            onChange={(event) => change({ name: event.target.value })}
          />
          <TextField
            label="Track"
            hint="What its machines have as GROUP."
            placeholder="stable"
            value={group.track}
            error={shown('track')}
            onChange={(event) => change({ track: event.target.value })}
          />
        </div>
        <div className="service-choices">
          <ArchChoice value={group.arch} onChange={(arch) => change({ arch, channel: null })} />
          <Choice
            label="Channel"
            value={group.channel ?? ''}
            options={[
              { value: '', label: 'none: nothing is given' },
              ...channels.map(({ value }) => ({ value: value.id, label: value.name })),
            ]}
            onChange={(id) => change({ channel: id || null })}
          />
        </div>
        <h3>Policy</h3>
        <PolicyTicks policy={group} labels={ticks} onChange={change} />
        <div className="service-pair">
          <TextField
            label="At most so many updates"
            inputMode="numeric"
            hint="In a period, and at once. Empty: no limit."
            value={most}
            error={errors['maxUpdatesPerPeriod'] && 'A whole number from 1 to 5000.'}
            onChange={(event) => {
              const text = event.target.value.trim();
              setMost(event.target.value);
              change({ maxUpdatesPerPeriod: text === '' ? unlimitedUpdates : /^\d+$/.test(text) ? Number(text) : 0 });
            }}
          />
          <SpanField
            label="Period"
            seconds={group.periodS}
            error={errors['periodS']}
            onChange={(periodS) => change({ periodS })}
          />
          <SpanField
            label="An update takes at most"
            seconds={group.updateTimeoutS}
            error={errors['updateTimeoutS']}
            onChange={(updateTimeoutS) => change({ updateTimeoutS })}
          />
          <TextField
            label="Time zone"
            hint="As Europe/Rome or UTC; for office hours."
            value={group.timeZone}
            error={shown('timeZone')}
            onChange={(event) => change({ timeZone: event.target.value })}
          />
        </div>
        {!wrong && <p className="service-sentence">{policyInWords(group)}</p>}
        {kept && !kept.value.updatesEnabled && group.updatesEnabled && (
          <p className="service-sentence">
            Enabling updates begins the roll-out anew: what failed or took too long no longer counts.
          </p>
        )}
        {problem && <ProblemNote problem={problem} />}
      </div>
    </ConfirmDialog>
  );
}
