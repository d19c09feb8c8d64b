import { useState } from 'react';
import { type ReadRelease, type ServicePackage, type UpdateService } from '#shared/contract/update-service.ts';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { TextField, Tick } from '../../ui/field.tsx';
import { ProblemNote } from '../../ui/notes.tsx';
import { bytes, count } from '../../words/amounts.ts';
import { ArchChoice } from './arch-choice.tsx';
import { fieldErrors, useSave } from './use-save.ts';

function blank({ draft }: Pick<ReadRelease, 'draft'>): ServicePackage {
  const { version = '', arch = 'amd64' } = draft;
  return {
    id: crypto.randomUUID(),
    version,
    arch,
    // Where Flatcar publishes it.
    url: draft.url ?? (version === '' ? '' : `https://update.release.flatcar-linux.net/${arch}-usr/${version}/`),
    filename: draft.filename ?? 'flatcar_production_update.gz',
    description: draft.description ?? '',
    size: draft.size ?? 0,
    sha1: draft.sha1 ?? '',
    sha256: draft.sha256 ?? '',
    disablePayloadBackoff: draft.disablePayloadBackoff ?? true,
    needsAdmin: draft.needsAdmin ?? false,
    isDelta: draft.isDelta ?? false,
    extraFiles: draft.extraFiles ?? [],
  };
}

/** A release and its payload, filled in with what was read of it. */
export function PackageDialog({
  kept,
  read,
  onClose,
}: {
  readonly kept: UpdateService['packages'][number] | null;
  readonly read: ReadRelease | null;
  readonly onClose: () => void;
}) {
  const [value, setValue] = useState(() => kept?.value ?? blank(read ?? { draft: {} }));
  const change = (more: Partial<ServicePackage>) => setValue((before) => ({ ...before, ...more }));
  const item = { kind: 'packages', value } as const;
  const errors = fieldErrors(item);
  const { busy, problem, submit } = useSave(kept?.revision ?? null, onClose);
  const field = (name: 'version' | 'url' | 'filename' | 'description' | 'sha1' | 'sha256') => ({
    value: value[name],
    error: value[name] === '' ? undefined : errors[name],
    onChange: (event: React.ChangeEvent<HTMLInputElement>) => change({ [name]: event.target.value.trim() }),
  });
  return (
    <ConfirmDialog
      title={kept ? `Edit package ${kept.value.version}` : 'Add a package'}
      about={read && read.sources.length > 0 ? `Filled in from ${read.sources.join(', ')}.` : undefined}
      width={680}
      verb={kept ? `Save package ${value.version}` : `Add package ${value.version}`}
      disabled={busy || Object.keys(errors).length > 0}
      onConfirm={() => void submit(item)}
      onClose={onClose}
    >
      <div className="service-form">
        {read?.problems.map((text) => (
          <p key={text} className="service-warning">
            {text}
          </p>
        ))}
        <div className="service-pair">
          <TextField label="Version" placeholder="4230.2.1" autoFocus {...field('version')} />
          <div className="service-choices service-low">
            <ArchChoice value={value.arch} onChange={(arch) => change({ arch })} />
          </div>
        </div>
        <TextField label="Address of its folder" hint="What stands before the name of the file." {...field('url')} />
        <div className="service-pair">
          <TextField label="File" {...field('filename')} />
          <TextField
            label="Size in bytes"
            inputMode="numeric"
            value={value.size === 0 ? '' : String(value.size)}
            hint={value.size > 0 && bytes(value.size)}
            error={value.size === 0 ? undefined : errors['size']}
            onChange={(event) => change({ size: Number(event.target.value.replaceAll(/\D/g, '')) })}
          />
        </div>
        <TextField label="SHA-1 in base64" className="mono-field" {...field('sha1')} />
        <TextField label="SHA-256 in base64" className="mono-field" {...field('sha256')} />
        <TextField
          label="Description"
          value={value.description}
          error={errors['description']}
          onChange={(event) => change({ description: event.target.value })}
        />
        <div className="service-choices">
          <Tick
            label="Retry a failed download at once"
            checked={value.disablePayloadBackoff}
            onChange={(disablePayloadBackoff) => change({ disablePayloadBackoff })}
          />
          <Tick label="Is a delta" checked={value.isDelta} onChange={(isDelta) => change({ isDelta })} />
        </div>
        {value.extraFiles.length > 0 && (
          <p className="faint">
            With {count(value.extraFiles.length, 'extension')}: {value.extraFiles.map(({ name }) => name).join(', ')}.
          </p>
        )}
        {problem && <ProblemNote problem={problem} />}
      </div>
    </ConfirmDialog>
  );
}
