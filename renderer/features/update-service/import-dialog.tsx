import { useState } from 'react';
import type { ReadRelease } from '#shared/contract/update-service.ts';
import { useDo } from '../../state/calls.ts';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { Segments, TextBlock, TextField } from '../../ui/field.tsx';
import { ProblemNote, WaitNote } from '../../ui/notes.tsx';

type From = 'response' | 'texts' | 'folder';

const ways = [
  { value: 'response', label: 'Omaha response' },
  { value: 'texts', label: 'version.txt and digests' },
  { value: 'folder', label: 'Downloaded folder' },
] as const;

/** Reads what is published of a release, for the form of a package to be filled in. */
export function ImportDialog({
  onRead,
  onClose,
}: {
  readonly onRead: (read: ReadRelease) => void;
  readonly onClose: () => void;
}) {
  const [from, setFrom] = useState<From>('response');
  const [omahaResponse, setResponse] = useState('');
  const [versionText, setVersion] = useState('');
  const [digests, setDigests] = useState('');
  const [folder, setFolder] = useState('');
  const reading = useDo('update-service.read-release');
  const input =
    from === 'folder'
      ? { folder: folder.trim() }
      : from === 'response'
        ? { omahaResponse, versionText: '', digests: '' }
        : { omahaResponse: '', versionText, digests };
  const ready = Object.values(input).some((text) => text.trim() !== '');
  const read = async () => {
    const got = await reading.run(input);
    if (got) onRead(got);
  };
  return (
    <ConfirmDialog
      title="Import a release"
      about="Fills in the form of a package; nothing is written before you add it."
      width={680}
      verb="Read the release"
      disabled={!ready || reading.busy}
      onConfirm={() => void read()}
      onClose={onClose}
    >
      <div className="service-form">
        <Segments label="What there is of it" value={from} options={ways} onChange={setFrom} />
        {from === 'response' && (
          <TextBlock
            label="What an update server answers"
            hint="A machine of that channel has it in its journal: journalctl -u update-engine, “Omaha request response”. It holds everything, extensions too."
            rows={10}
            autoFocus
            placeholder={'<response protocol="3.0" server="…">'}
            value={omahaResponse}
            onChange={(event) => setResponse(event.target.value)}
          />
        )}
        {from === 'texts' && (
          <>
            <TextBlock
              label="version.txt"
              hint="As in https://stable.release.flatcar-linux.net/amd64-usr/current/version.txt"
              rows={4}
              autoFocus
              placeholder="FLATCAR_VERSION=4230.2.1"
              value={versionText}
              onChange={(event) => setVersion(event.target.value)}
            />
            <TextBlock
              label="Digests of the payload"
              hint="The size is in none of these: enter it in the form."
              rows={5}
              placeholder={'# SHA1 HASH\n…  flatcar_production_update.gz'}
              value={digests}
              onChange={(event) => setDigests(event.target.value)}
            />
          </>
        )}
        {from === 'folder' && (
          <TextField
            label="Folder on the machine where the console runs"
            hint="With flatcar_production_update.gz, which is measured; version.txt and its .DIGESTS beside it are read."
            autoFocus
            placeholder="/srv/flatcar/4230.2.1"
            value={folder}
            onChange={(event) => setFolder(event.target.value)}
          />
        )}
        {reading.busy && <WaitNote what="Reading the release…" onCancel={reading.cancel} />}
        {reading.problem && <ProblemNote problem={reading.problem} />}
      </div>
    </ConfirmDialog>
  );
}
