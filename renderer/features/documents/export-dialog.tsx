import { Download } from 'lucide-react';
import { useMemo, useState } from 'react';
import { type ExportFormat, exportFormats } from '#shared/contract/document.ts';
import { secretTokens } from '#shared/lib/secret-tokens.ts';
import { saveText } from '../../parts/save-text.ts';
import { useOpenTexts, useSecrets } from '../../parts/secrets.tsx';
import { useQuery } from '../../state/calls.ts';
import { useRecords } from '../../state/hooks.ts';
import { Button } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Choice, Segments } from '../../ui/field.tsx';
import { MachineText } from '../../ui/machine-text.tsx';
import { ProblemNote, WaitNote } from '../../ui/notes.tsx';
import { count, some } from '../../words/amounts.ts';

const words: Record<ExportFormat, string> = {
  'butane-flatcar': 'Butane for Flatcar',
  'butane-fcos': 'Butane for Fedora CoreOS',
  'cloud-config': 'cloud-config',
};

/** Documents as one text to provision machines with, and what it cannot hold. */
export function ExportDialog({ names, onClose }: { readonly names: string[]; readonly onClose: () => void }) {
  const [format, setFormat] = useState<ExportFormat>('butane-flatcar');
  const [host, setHost] = useState('');
  const hosts = useRecords('host');
  const asked = useQuery('document.export', { names, format, host: host === '' ? null : host });
  const { text: veiled, notes } = asked.output ?? { text: '', notes: [] };
  const where = `the export of ${some(names, 6)}`;
  const written = useMemo(() => ({ text: veiled }), [veiled]);
  const { texts, note } = useSecrets(written, where);
  const secrets = useOpenTexts(where);
  const text = texts['text'] ?? '';
  const marks = secretTokens(text).length;
  const withSecrets = marks > 0 ? ` with ${count(marks, 'secret')}` : '';
  const opened = async () => (await secrets.open({ text }))?.['text'] ?? null;
  const save = async () => {
    const whole = await opened();
    if (whole !== null) saveText(whole, file);
  };
  const file = `${names.length === 1 ? names[0] : 'documents'}.${format === 'cloud-config' ? 'yaml' : 'bu'}`;
  return (
    <Dialog
      title={`Export ${names.length === 1 ? names[0] : count(names.length, 'document')}`}
      about={names.length === 1 ? undefined : some(names, 6)}
      width={820}
      onClose={onClose}
      footer={
        <>
          <span className="grow" />
          <Button onClick={onClose}>Close the export</Button>
          <Button kind="primary" disabled={text === '' || secrets.busy} onClick={() => void save()}>
            <Download size={15} /> Save {file}
            {withSecrets}
          </Button>
        </>
      }
    >
      <div className="documents-export">
        <div className="documents-export-how">
          <Segments
            label="Format"
            value={format}
            options={exportFormats.map((value) => ({ value, label: words[value] }))}
            onChange={setFormat}
          />
          <Choice
            label="As it is for"
            value={host}
            options={[
              { value: '', label: 'no host: placeholders stay' },
              ...[...hosts.keys()].toSorted().map((value) => ({ value, label: value })),
            ]}
            onChange={setHost}
          />
        </div>
        {asked.problem && <ProblemNote problem={asked.problem} />}
        {secrets.problem && <ProblemNote problem={secrets.problem} />}
        {asked.waiting && !asked.output && <WaitNote what="Writing the text…" />}
        {notes.length > 0 && (
          <section className="card" aria-label="What it cannot hold">
            <h3>What this text cannot hold</h3>
            <ul className="documents-bullets">
              {notes.map((note) => (
                <li key={note}>{note}</li>
              ))}
            </ul>
          </section>
        )}
        {note}
        {marks > 0 && (
          <p className="faint">
            A machine could not do with the marks: saved and copied, the text holds the secrets themselves, and the
            activity log says so.
          </p>
        )}
        {text !== '' && (
          <div className="documents-export-text">
            <CopyButton text={opened} name={`Copy the text${withSecrets}`} />
            <MachineText text={text} label="Exported text" />
          </div>
        )}
        {asked.output && text === '' && <p className="faint">Nothing of these documents can be said in this format.</p>}
      </div>
    </Dialog>
  );
}
