import { useEffect, useState } from 'react';
import { filePath } from '#shared/contract/change.ts';
import type { ConfigDocument } from '#shared/contract/document.ts';
import { formatWords } from '../../parts/drift-words.ts';
import { useDo } from '../../state/calls.ts';
import { useConsole } from '../../state/console.ts';
import { useOperate, useRecords } from '../../state/hooks.ts';
import { useKeys } from '../../state/keyboard.ts';
import { printRoute } from '../../state/routes.ts';
import { Button } from '../../ui/button.tsx';
import { Segments, TextBlock, TextField } from '../../ui/field.tsx';
import { EmptyNote, ProblemNote } from '../../ui/notes.tsx';
import { emptyFile } from './document-fields.tsx';
import { type Draft, draftOf, keptDrafts } from './draft.ts';
import { LeaveDialog } from './leave-dialog.tsx';
import { newDocument } from './new-document-name.ts';
import { nameFor, recogniseFormat } from './recognise-format.ts';
import { TextPane } from './text-pane.tsx';
import { useHold } from './use-hold.ts';

type Door = 'nothing' | 'host' | 'paste';
const empty: ConfigDocument = { name: '', format: 'file', targets: '', file: emptyFile(''), content: '' };

/** A document that is not there yet: from nothing, from what a host has, or from a pasted text. */
export function NewDocument({ cluster }: { readonly cluster: string }) {
  const { router } = useConsole();
  const operate = useOperate();
  const [draft, setOwn] = useState<Draft | null>(() => keptDrafts.get(cluster, newDocument));
  const [saved, setSaved] = useState(false);
  const setDraft = (next: Draft) => {
    keptDrafts.put(cluster, newDocument, next);
    setOwn(next);
  };
  const name = draft?.document.name ?? '';
  const leaving = useHold(draft !== null && !saved, (to) => 'document' in to && to.document === newDocument);
  useEffect(() => {
    if (!saved || !draft) return;
    const { name } = draft.original;
    keptDrafts.drop(cluster, newDocument);
    // What was typed while it was being saved goes along.
    keptDrafts.put(cluster, name, { ...draft, document: { ...draft.document, name } });
    router.replace({ view: 'config', cluster, tab: 'documents', document: name });
  }, [saved, cluster, draft, router]);
  useKeys('New document', 'view', [
    {
      keys: 'Escape',
      label: 'Back to the documents',
      run: () => router.go({ view: 'config', cluster, tab: 'documents', document: null }),
    },
  ]);
  if (!operate) {
    return (
      <EmptyNote title="This cluster is only observed">
        <p>
          Nothing can be saved here. The mode is changed under{' '}
          <a href={printRoute({ view: 'settings', cluster, tab: 'general' })}>Settings</a>.
        </p>
      </EmptyNote>
    );
  }
  return (
    <>
      <header className="document-head">
        <h1>New document</h1>
        {draft === null && <p className="document-about">What does it begin with?</p>}
      </header>
      {draft === null ? (
        <Doors onBegin={(document) => setDraft({ ...draftOf(empty, null), document })} />
      ) : (
        <TextPane
          cluster={cluster}
          draft={draft}
          setDraft={setDraft}
          theirs={null}
          isNew
          onSaved={() => setSaved(true)}
        />
      )}
      {leaving.to && (
        <LeaveDialog
          name={name || 'The new document'}
          onStay={leaving.stay}
          onLeave={() => {
            keptDrafts.drop(cluster, newDocument);
            leaving.leave();
          }}
        />
      )}
    </>
  );
}

function Doors({ onBegin }: { readonly onBegin: (document: ConfigDocument) => void }) {
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
