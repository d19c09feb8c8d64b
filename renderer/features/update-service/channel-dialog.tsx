import { useState } from 'react';
import { type ServiceChannel, type UpdateService } from '#shared/contract/update-service.ts';
import { compareVersions } from '#shared/lib/update-service/versions.ts';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { Choice, TextField, Tick } from '../../ui/field.tsx';
import { ProblemNote } from '../../ui/notes.tsx';
import { ArchChoice } from './arch-choice.tsx';
import { fieldErrors, useSave } from './use-save.ts';

const blank = (): ServiceChannel => ({ id: crypto.randomUUID(), name: '', arch: 'amd64', package: null, floors: [] });

/** Which package a channel names, and which versions its machines have to pass through. */
export function ChannelDialog({
  service,
  kept,
  onClose,
}: {
  readonly service: UpdateService;
  readonly kept: UpdateService['channels'][number] | null;
  readonly onClose: () => void;
}) {
  const [channel, setChannel] = useState(kept?.value ?? blank);
  const change = (more: Partial<ServiceChannel>) => setChannel((before) => ({ ...before, ...more }));
  const item = { kind: 'channels', value: channel } as const;
  const errors = fieldErrors(item);
  const { busy, problem, submit } = useSave(kept?.revision ?? null, onClose);
  const packages = service.packages
    .map(({ value }) => value)
    .filter(({ arch }) => arch === channel.arch)
    .toSorted((a, b) => compareVersions(b.version, a.version) ?? 0);
  const target = packages.find(({ id }) => id === channel.package);
  const below = packages.filter(({ version }) => target && (compareVersions(version, target.version) ?? 0) < 0);
  const followers = service.groups.filter(({ value }) => value.channel === channel.id).map(({ value }) => value.name);
  return (
    <ConfirmDialog
      title={kept ? `Edit channel ${kept.value.name}` : 'Add a channel'}
      width={520}
      verb={kept ? `Save channel ${channel.name}` : `Add channel ${channel.name}`}
      disabled={busy || Object.keys(errors).length > 0}
      onConfirm={() => void submit(item)}
      onClose={onClose}
    >
      <div className="service-form">
        <TextField
          label="Name"
          placeholder="stable"
          autoFocus
          value={channel.name}
          error={channel.name === '' ? undefined : errors['name']}
          onChange={(event) => change({ name: event.target.value })}
        />
        <div className="service-choices">
          <ArchChoice value={channel.arch} onChange={(arch) => change({ arch, package: null, floors: [] })} />
          <Choice
            label="Package"
            value={channel.package ?? ''}
            options={[
              { value: '', label: 'none' },
              ...packages.map(({ id, version }) => ({ value: id, label: version })),
            ]}
            onChange={(id) => change({ package: id || null, floors: [] })}
          />
        </div>
        {below.length > 0 && (
          <fieldset className="service-floors">
            <legend>Versions that every machine passes through (floors)</legend>
            {below.map(({ id, version }) => (
              <Tick
                key={id}
                label={version}
                checked={channel.floors.includes(id)}
                onChange={(checked) =>
                  change({ floors: checked ? [...channel.floors, id] : channel.floors.filter((one) => one !== id) })
                }
              />
            ))}
          </fieldset>
        )}
        {kept && target && target.id !== kept.value.package && followers.length > 0 && (
          <p className="service-sentence">
            {target.version} is then given to {followers.join(', ')}, as the policy of each says.
          </p>
        )}
        {problem && <ProblemNote problem={problem} />}
      </div>
    </ConfirmDialog>
  );
}
