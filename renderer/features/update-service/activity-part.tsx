import type { UpdateService } from '#shared/contract/update-service.ts';
import { SinceWhen } from '../../parts/since.tsx';
import { EmptyNote } from '../../ui/notes.tsx';
import { SignWord } from '../../ui/sign-mark.tsx';
import { severitySigns } from './service-words.ts';

/** What the update service did and saw, the newest first; who changed it is in the console's own activity. */
export function ActivityPart({ service: { activity } }: { readonly service: UpdateService }) {
  if (activity.length === 0) {
    return (
      <EmptyNote title="Nothing has happened yet">
        <p>Roll-outs that start, finish or fail, and updates that fail, are written here.</p>
      </EmptyNote>
    );
  }
  return (
    <table className="plain-table service-table">
      <caption className="unseen">Activity of the update service</caption>
      <thead>
        <tr>
          <th>When</th>
          <th>Severity</th>
          <th>What</th>
          <th>Version</th>
          <th>Group or channel</th>
          <th>Machine</th>
        </tr>
      </thead>
      <tbody>
        {activity.map((entry) => (
          <tr key={`${entry.at} ${entry.class} ${entry.group}${entry.instance}`}>
            <td>
              <SinceWhen at={entry.at} />
            </td>
            <td>
              <SignWord sign={severitySigns[entry.severity]} />
            </td>
            <td>
              {entry.class}
              {entry.text && <div className="faint">{entry.text}</div>}
            </td>
            <td>{entry.version}</td>
            <td>{entry.group || entry.channel}</td>
            <td className="mono">{entry.instance}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
