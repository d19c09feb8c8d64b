import { Download } from 'lucide-react';
import { useState } from 'react';
import { type ExportFormat, exportFormats } from '#shared/contract/document.ts';
import { saveText } from '../../parts/save-text.ts';
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
  const { text, notes } = asked.output ?? { text: '', notes: [] };
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
          <Button kind="primary" disabled={text === ''} onClick={() => saveText(text, file)}>
            <Download size={15} /> Save {file}
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
        {text !== '' && (
          <div className="documents-export-text">
            <CopyButton text={text} name="Copy the text" />
            <MachineText text={text} label="Exported text" />
          </div>
        )}
        {asked.output && text === '' && <p className="faint">Nothing of these documents can be said in this format.</p>}
      </div>
    </Dialog>
  );
}
