import { Ago } from '../../parts/since.tsx';
import { useQuery } from '../../state/calls.ts';
import { printRoute } from '../../state/routes.ts';
import { ProblemNote, WaitNote } from '../../ui/notes.tsx';
import { SignWord } from '../../ui/sign-mark.tsx';
import { activitySign } from './server-words.ts';

/** The server's own log of the last seven days. */
export function ServerActivityPart({
  cluster,
  of,
}: {
  readonly cluster: string;
  readonly of: { readonly app: string; readonly group: string } | null;
}) {
  const { output, problem } = useQuery('server.activity', { app: of?.app ?? null, group: of?.group ?? null });
  return (
    <section className="card" aria-label="Activity of the server">
      <h2>What the server wrote down in the last seven days</h2>
      {problem && <ProblemNote problem={problem} />}
      {!output && !problem && <WaitNote what="Reading the server's log…" />}
      {output?.entries.length === 0 && <p className="faint">Nothing.</p>}
      {output && output.entries.length > 0 && (
        <table className="plain-table">
          <caption className="unseen">Activity of the server</caption>
          <tbody>
            {output.entries.map((entry, index) => (
              // oxlint-disable-next-line react/no-array-index-key -- the server's lines have no name of their own
              <tr key={index}>
                <td>{entry.at === null ? '–' : <Ago at={entry.at} />}</td>
                <td>
                  <SignWord sign={activitySign(entry)} />
                </td>
                <td>{[entry.group, entry.channel, entry.version].filter(Boolean).join(' · ')}</td>
                <td>
                  {entry.host === null ? (
                    <span className="mono faint">{entry.instance}</span>
                  ) : (
                    <a href={printRoute({ view: 'host', cluster, host: entry.host, tab: 'updates', unit: null })}>
                      {entry.host}
                    </a>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
