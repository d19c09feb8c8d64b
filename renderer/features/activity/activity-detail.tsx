import { X } from 'lucide-react';
import type { ActivityEntry } from '#shared/contract/activity.ts';
import { IconButton } from '../../ui/button.tsx';
import { FactsList } from '../../ui/facts-list.tsx';
import { MachineText } from '../../ui/machine-text.tsx';
import { SignWord } from '../../ui/sign-mark.tsx';
import { dateTime, duration } from '../../words/times.ts';
import { outcomeWords } from './activity-row.tsx';

/** One entry of the log, whole. */
export function ActivityDetail({ entry, onClose }: { readonly entry: ActivityEntry; readonly onClose: () => void }) {
  return (
    <section className="activity-detail" aria-label={`Entry ${entry.seq}`}>
      <header>
        <h2>Entry {entry.seq}</h2>
        <IconButton name="Close the entry (Esc)" onClick={onClose}>
          <X size={16} />
        </IconButton>
      </header>
      <FactsList
        facts={[
          ['When', dateTime(entry.at)],
          ['Who', entry.actor],
          ['Cluster', entry.cluster],
          ['Host', entry.host],
          ['What', entry.what],
          ['Outcome', <SignWord key="outcome" sign={outcomeWords[entry.outcome]} />],
          ['Exit code', entry.exitCode],
          ['Took', entry.durationMs !== null && duration(entry.durationMs)],
          ['Hash', <code key="hash">{entry.hash}</code>],
        ]}
      />
      {entry.command && (
        <>
          <h3>Command</h3>
          <MachineText text={entry.command} label="Command" wrap />
        </>
      )}
      {entry.detail && (
        <>
          <h3>Detail</h3>
          <MachineText text={entry.detail} label="Detail" wrap />
        </>
      )}
    </section>
  );
}
