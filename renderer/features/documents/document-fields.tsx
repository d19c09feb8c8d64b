import { useMemo, useState } from 'react';
import { type ConfigDocument, documentFormats } from '#shared/contract/document.ts';
import { unitName } from '#shared/contract/ids.ts';
import { printSteps, readSteps, suggestedSteps } from '#shared/lib/change/suggest.ts';
import { formatWords } from '../../parts/drift-words.ts';
import { FilterField } from '../../parts/filter-field.tsx';
import { StepsAfter } from '../../parts/steps-after.tsx';
import { readFilter } from '../../state/fleet-filter.ts';
import { useOperate } from '../../state/hooks.ts';
import { Choice, TextField } from '../../ui/field.tsx';
import { count, some } from '../../words/amounts.ts';
import { wrongIn } from './draft.ts';

type Change = (change: Partial<ConfigDocument>) => void;

/** What a document says besides its text: for which hosts, and of a file where it lies and what is done after it changed. */
export function DocumentFields({
  document,
  isNew,
  hosts,
  onChange,
}: {
  readonly document: ConfigDocument;
  readonly isNew: boolean;
  /** The hosts it fits now; null while that is asked. */
  readonly hosts: readonly string[] | null;
  readonly onChange: Change;
}) {
  const operate = useOperate();
  const filter = useMemo(() => readFilter(document.targets), [document.targets]);
  const wrong = wrongIn(document);
  return (
    <fieldset className="document-fields" disabled={!operate}>
      <legend className="unseen">What it says besides its text</legend>
      {isNew && (
        <div className="document-pair">
          <TextField
            label="Name"
            value={document.name}
            maxLength={100}
            error={wrong?.field === 'name' && document.name !== '' ? wrong.message : undefined}
            onChange={(event) => onChange({ name: event.target.value })}
          />
          <Choice
            label="What it is"
            value={document.format}
            options={documentFormats.map((value) => ({ value, label: formatWords[value] }))}
            onChange={(format) =>
              onChange({ format, file: format === 'file' ? (document.file ?? emptyFile('')) : null })
            }
          />
        </div>
      )}
      <div className="field">
        <span className="document-label">For these hosts</span>
        <FilterField
          filter={filter}
          text={document.targets}
          label="For these hosts"
          placeholder="Every host, or as in the fleet: label:role=web"
          slash={false}
          onText={(targets) => onChange({ targets: targets.slice(0, 1000) })}
        />
        <p className="document-hosts" role="status" data-testid="document-hosts">
          {hosts === null ? (
            <span className="faint">
              {wrong ? 'Its hosts are shown once nothing is missing here.' : 'Finding the hosts…'}
            </span>
          ) : (
            <>
              <b>{count(hosts.length, 'host')}</b> <span className="faint">{some(hosts, 5)}</span>
            </>
          )}
        </p>
      </div>
      {document.file && <FileFields file={document.file} onFile={(file) => onChange({ file })} wrong={wrong} />}
    </fieldset>
  );
}

type File = NonNullable<ConfigDocument['file']>;

/** A file of which nothing is said but where it lies, and what usually follows a change of it. */
export function emptyFile(path: string): File {
  return { path, mode: null, owner: null, actions: suggestedSteps(path) };
}

function FileFields({
  file,
  onFile,
  wrong,
}: {
  readonly file: File;
  readonly onFile: (file: File) => void;
  readonly wrong: ReturnType<typeof wrongIn>;
}) {
  const [owner, setOwner] = useState(file.owner ? `${file.owner.uid}:${file.owner.gid}` : '');
  const [steps, setSteps] = useState(() => printSteps(file.actions));
  const read = readSteps(steps, (name) => unitName.safeParse(name).success);
  const ownerRead = /^(\d{1,9}):(\d{1,9})$/.exec(owner.trim());
  const shownSteps =
    Array.isArray(read) && printSteps(read) !== printSteps(file.actions) ? printSteps(file.actions) : steps;
  return (
    <>
      <TextField
        label="Path on the host"
        className="document-mono"
        placeholder="/etc/sysctl.d/90-fleet.conf"
        value={file.path}
        error={wrong?.field === 'file.path' && file.path !== '' ? wrong.message : undefined}
        onChange={(event) => {
          const path = event.target.value;
          // What usually follows goes along as long as nobody said otherwise.
          const follows = printSteps(file.actions) === printSteps(suggestedSteps(file.path));
          onFile({ ...file, path, actions: follows ? suggestedSteps(path) : file.actions });
        }}
      />
      <div className="document-pair">
        <TextField
          label="Mode"
          className="document-mono"
          placeholder="as it is"
          value={file.mode ?? ''}
          error={wrong?.field === 'file.mode' ? 'Octal, as 644' : undefined}
          onChange={(event) => onFile({ ...file, mode: event.target.value === '' ? null : event.target.value })}
        />
        <TextField
          label="Owner"
          className="document-mono"
          placeholder="as it is"
          value={owner}
          error={owner.trim() !== '' && !ownerRead ? 'Two numbers, as 0:0' : undefined}
          onChange={(event) => {
            const text = event.target.value;
            setOwner(text);
            const found = /^(\d{1,9}):(\d{1,9})$/.exec(text.trim());
            onFile({ ...file, owner: found ? { uid: Number(found[1]), gid: Number(found[2]) } : null });
          }}
        />
      </div>
      <StepsAfter
        label="Then, where it changed"
        value={shownSteps}
        wrong={Array.isArray(read) ? undefined : read.wrong}
        onChange={(typed) => {
          setSteps(typed);
          const next = readSteps(typed, (name) => unitName.safeParse(name).success);
          if (Array.isArray(next)) onFile({ ...file, actions: next.slice(0, 20) });
        }}
      />
    </>
  );
}
