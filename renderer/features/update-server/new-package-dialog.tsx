import { useState } from 'react';
import { packageMetadata, type ServerApp } from '#shared/contract/update-server.ts';
import { TextField } from '../../ui/field.tsx';
import { ArchChoice, type FlatcarArch } from './arch-choice.tsx';
import { EditDialog } from './edit-dialog.tsx';

const empty = { version: '', url: '', filename: 'update.gz', description: '', bytes: '', hash: '', sha256: '' };
type Texts = typeof empty;
const fields: readonly { readonly name: keyof Texts; readonly label: string; readonly hint?: string }[] = [
  { name: 'version', label: 'Version' },
  { name: 'url', label: 'Address of its folder', hint: 'As https://files.example.com/4230.2.1/' },
  { name: 'filename', label: 'File name' },
  { name: 'bytes', label: 'Size in bytes' },
  { name: 'hash', label: 'SHA-1 in base64' },
  { name: 'sha256', label: 'SHA-256 in base64' },
  { name: 'description', label: 'Description' },
];

/** What is told of a new package. */
export function NewPackageDialog({ app, onClose }: { readonly app: ServerApp; readonly onClose: () => void }) {
  const [texts, setTexts] = useState(empty);
  const [arch, setArch] = useState<FlatcarArch>('1');
  const read = packageMetadata.safeParse({ ...texts, arch: Number(arch), bytes: Number(texts.bytes) });
  const wrong = (name: keyof Texts) =>
    texts[name] === '' ? undefined : read.error?.issues.find(({ path }) => path[0] === name)?.message;
  return (
    <EditDialog
      title={`Add a package to ${app.name}`}
      verb={`Add package ${texts.version || '…'}`}
      edit={read.success ? { verb: 'add-package', app: app.id, metadata: read.data } : null}
      nameOf={(text) => text}
      onClose={onClose}
    >
      <div className="server-form">
        {fields.map(({ name, label, hint }) => (
          <TextField
            key={name}
            label={label}
            hint={hint}
            error={wrong(name)}
            value={texts[name]}
            onChange={(event) => setTexts({ ...texts, [name]: event.target.value })}
          />
        ))}
        <ArchChoice value={arch} onChange={setArch} />
      </div>
    </EditDialog>
  );
}
