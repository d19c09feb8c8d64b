import { useState } from 'react';
import { filePath } from '#shared/contract/change.ts';
import type { ConfigDocument } from '#shared/contract/document.ts';
import { formatWords } from '../../parts/drift-words.ts';
import { useDo } from '../../state/calls.ts';
import { useRecords } from '../../state/hooks.ts';
import { Button } from '../../ui/button.tsx';
import { Segments, TextBlock, TextField } from '../../ui/field.tsx';
import { ProblemNote } from '../../ui/notes.tsx';
import { emptyFile } from './document-fields.tsx';
import { nameFor, recogniseFormat } from '#shared/lib/document/recognise-format.ts';

type Door = 'nothing' | 'host' | 'paste';

/** A document that says nothing yet. */
export const empty: ConfigDocument = { name: '', format: 'file', targets: '', file: emptyFile(''), content: '' };

/** What a new document can begin with: nothing, a file of a host, or a pasted text. */
export function Doors({ onBegin }: { readonly onBegin: (document: ConfigDocument) => void }) {
  const [door, setDoor] = useState<Door>('nothing');
  return (
    <div className="document-doors">
      <Segments
        label="What it begins with"
        value={door}
        options={[
          { value: 'nothing', label: 'Nothing' },
          { value: 'host', label: 'A file of a host' },
          { value: 'paste', label: 'A pasted text' },
        ]}
        onChange={setDoor}
      />
      {door === 'nothing' && (
        <>
          <p className="faint">A file that is the same on all of its hosts, written here.</p>
          <Button kind="primary" onClick={() => onBegin(empty)}>
            Begin with an empty file
          </Button>
        </>
      )}
      {door === 'host' && <FromHost onBegin={onBegin} />}
      {door === 'paste' && <FromPaste onBegin={onBegin} />}
    </div>
  );
}

function FromHost({ onBegin }: { readonly onBegin: (document: ConfigDocument) => void }) {
  const hosts = useRecords('host');
  const [path, setPath] = useState('');
  const [host, setHost] = useState('');
  const [why, setWhy] = useState<string | null>(null);
  const compare = useDo('change.compare');
  const ready = filePath.safeParse(path).success && hosts.has(host);
  const read = async () => {
    setWhy(null);
    const output = await compare.run({ hosts: [host], path, password: null });
    const found = output?.files[0];
    if (!output || !found) return;
    const content = output.texts[found.hash];
    if (found.kind !== 'file' || content === undefined) {
      setWhy(found.reason?.message ?? (found.kind === 'absent' ? `${path} is not there.` : `${path} is not text.`));
      return;
    }
    const [uid, gid] = found.owner.split(':').map(Number);
    const numbers = Number.isInteger(uid) && Number.isInteger(gid);
    onBegin({
      ...empty,
      name: nameFor(path),
      file: {
        ...emptyFile(path),
        mode: /^[0-7]{3,4}$/.test(found.mode) ? found.mode : null,
        owner: numbers && uid !== undefined && gid !== undefined ? { uid, gid } : null,
      },
      content,
    });
  };
  return (
    <form
      className="document-door"
      onSubmit={(event) => {
        event.preventDefault();
        if (ready) void read();
      }}
    >
      <p className="faint">Its text, mode and owner are read once; other hosts are then compared with it.</p>
      <TextField
        label="Path of the file"
        className="document-mono"
        placeholder="/etc/systemd/timesyncd.conf"
        autoFocus
        value={path}
        error={path !== '' && !filePath.safeParse(path).success ? 'Not an absolute path of a file' : undefined}
        onChange={(event) => setPath(event.target.value)}
      />
      <TextField
        label="Host"
        list="document-hosts"
        value={host}
        error={host !== '' && !ready && path !== '' && !hosts.has(host) ? 'No host of this cluster' : undefined}
        onChange={(event) => setHost(event.target.value)}
      />
      <datalist id="document-hosts">
        {[...hosts.keys()].toSorted().map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
      {compare.problem && <ProblemNote problem={compare.problem} />}
      {why && <p className="field-error">{why}</p>}
      <Button type="submit" kind="primary" disabled={!ready || compare.busy}>
        {compare.busy ? `Reading ${host}…` : 'Read the file'}
      </Button>
    </form>
  );
}

function FromPaste({ onBegin }: { readonly onBegin: (document: ConfigDocument) => void }) {
  const [text, setText] = useState('');
  const format = recogniseFormat(text);
  return (
    <form
      className="document-door"
      onSubmit={(event) => {
        event.preventDefault();
        onBegin({ ...empty, format, file: format === 'file' ? emptyFile('') : null, content: text.slice(0, 262_144) });
      }}
    >
      <p className="faint">
        cloud-config, Butane or Ignition, as machines are provisioned with; or the text of a file.
      </p>
      <TextBlock label="Text" rows={14} autoFocus value={text} onChange={(event) => setText(event.target.value)} />
      <p role="status">
        {text.trim() === '' ? (
          <span className="faint">What it is, is told by its text.</span>
        ) : (
          <>
            This is <b>{format === 'file' ? 'a file' : formatWords[format]}</b>.
          </>
        )}
      </p>
      <Button type="submit" kind="primary" disabled={text.trim() === ''}>
        Begin with this text
      </Button>
    </form>
  );
}
