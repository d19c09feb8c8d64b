import { useEffect, useMemo, useState } from 'react';
import { samplesOf } from '#shared/lib/update/spread.ts';
import { useQuery } from '../../state/calls.ts';
import { useFromTime } from '../../state/hooks.ts';
import { Segments } from '../../ui/field.tsx';
import { EmptyNote, ProblemNote, WaitNote } from '../../ui/notes.tsx';
import { SpreadChart } from './spread-chart.tsx';
import { layersOf, placeAt, type SpreadLayers } from './spread-layers.ts';

const dayMs = 86_400_000;
const againMs = 60_000;
const lengths = ['7', '30', '90'] as const;

/** Which versions ran over the last days, of the fleet or of what is open beside the board. */
export function SpreadPart({
  group,
  column,
  of,
}: {
  /** Empty for the hosts of no group; null for the whole fleet. */
  readonly group: string | null;
  readonly column: string | null;
  /** What is drawn, in words. */
  readonly of: string;
}) {
  const [days, setDays] = useState<(typeof lengths)[number]>('30');
  const asked = useQuery('updates.spread', { days: Number(days) });
  const { again } = asked;
  useEffect(() => {
    const timer = setInterval(again, againMs);
    return () => clearInterval(timer);
  }, [again]);
  // A minute is a third of a pixel: the chart need not move more often.
  const to = useFromTime((now) => Math.ceil(now / againMs) * againMs);
  const from = to - Number(days) * dayMs;
  const samples = useMemo(() => (asked.output ? samplesOf(asked.output.days) : null), [asked.output]);
  const spread = useMemo(
    () => (samples ? layersOf(samples, group, column, from) : null),
    [samples, group, column, from],
  );
  return (
    <section className="card spread-card" aria-label="Version spread">
      <header>
        <h2>Versions over time</h2>
        <span className="faint cut">{of}</span>
        <Segments
          label="How far back"
          value={days}
          options={lengths.map((value) => ({ value, label: `${value} days` }))}
          onChange={setDays}
        />
      </header>
      {asked.problem && <ProblemNote problem={asked.problem} />}
      {!spread && !asked.problem && <WaitNote what="Reading which versions ran…" />}
      {spread && spread.layers.length === 0 && (
        <EmptyNote title="Nothing has been counted yet">
          <p>Versions are counted once all hosts were read, and whenever one of them changes.</p>
        </EmptyNote>
      )}
      {spread && spread.layers.length > 0 && (
        <>
          <SpreadChart spread={spread} from={from} to={to} />
          <details>
            <summary>Show as a table</summary>
            <SpreadTable spread={spread} from={from} to={to} />
          </details>
        </>
      )}
    </section>
  );
}

/** The counts at the end of each day, for who cannot see the chart. */
function SpreadTable({
  spread,
  from,
  to,
}: {
  readonly spread: SpreadLayers;
  readonly from: number;
  readonly to: number;
}) {
  const { times, layers } = spread;
  const days: number[] = [];
  for (let at = to; at > from; at -= dayMs) days.push(at);
  return (
    <div className="spread-table" tabIndex={0} role="group" aria-label="Hosts by version and day">
      <table className="plain-table">
        <thead>
          <tr>
            <th>Day</th>
            {layers.map(({ version }) => (
              <th key={version} className="end">
                {version}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {days.map((at) => {
            const place = placeAt(times, at);
            return (
              <tr key={at}>
                <td>{new Date(at).toISOString().slice(0, 10)}</td>
                {layers.map(({ version, hosts }) => (
                  <td key={version} className="end">
                    {place < 0 ? '–' : (hosts[place] ?? 0)}
                  </td>
                ))}
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
