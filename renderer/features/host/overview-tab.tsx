import type { MetricName } from '#shared/contract/host.ts';
import { evidenceAddress } from '../../parts/evidence.ts';
import { HealthReasons } from '../../parts/health.tsx';
import { LoadFigures } from '../../parts/load-figures.tsx';
import { LiveValues } from '../../parts/seen.tsx';
import { SinceWhen } from '../../parts/since.tsx';
import { useNow, usePreference, useSection, useStale } from '../../state/hooks.ts';
import { Chart, type ChartSeries } from '../../ui/chart.tsx';
import { Segments } from '../../ui/field.tsx';
import { ProblemNote } from '../../ui/notes.tsx';
import { rate } from '../../words/amounts.ts';
import { ActionList } from './action-list.tsx';
import { chartColumns, type History } from './history.ts';
import { useHistory } from './use-history.ts';

interface Panel {
  readonly title: string;
  readonly metrics: readonly MetricName[];
  readonly series: readonly ChartSeries[];
  readonly format: (value: number) => string;
  /** Where the axis ends when no value is larger. */
  readonly top: number;
}

const perCent = (value: number) => `${value.toFixed(value > 0 && value < 9.95 ? 1 : 0)} %`;
const line = (label: string, tone: 1 | 2 | 3, fill = false): ChartSeries => ({
  label,
  colour: `--series-${tone}`,
  fill,
});

const panels: readonly Panel[] = [
  {
    title: 'CPU',
    metrics: ['cpu', 'iowait'],
    series: [line('busy', 1, true), line('I/O wait', 2)],
    format: perCent,
    top: 100,
  },
  {
    title: 'Memory',
    metrics: ['memory', 'swap'],
    series: [line('used', 1, true), line('swap', 2)],
    format: perCent,
    top: 100,
  },
  {
    title: 'Pressure',
    metrics: ['pressureCpu', 'pressureMemory', 'pressureIo'],
    series: [line('CPU', 1), line('memory', 2), line('I/O', 3)],
    format: perCent,
    top: 10,
  },
  {
    title: 'Load',
    metrics: ['load1'],
    series: [line('one minute', 1, true)],
    format: (value) => value.toFixed(2),
    top: 1,
  },
  {
    title: 'Network',
    metrics: ['netReceiveBps', 'netSendBps'],
    series: [line('in', 1, true), line('out', 2)],
    format: rate,
    top: 10_000,
  },
  {
    title: 'Disk',
    metrics: ['diskReadBps', 'diskWriteBps'],
    series: [line('read', 1, true), line('write', 2)],
    format: rate,
    top: 10_000,
  },
];

/** What needs attention, and the last hour in charts that share one cursor. */
export function OverviewTab({ cluster, host }: { readonly cluster: string; readonly host: string }) {
  const { history, problem } = useHistory(host);
  const [chosen, setMinutes] = usePreference('historyMinutes');
  const minutes = chosen || fittingMinutes(history);
  const stale = useStale(host);
  return (
    <div className="host-body" tabIndex={0}>
      <div className="host-columns">
        <section aria-label="History">
          <div className="host-range">
            <h2>Last {minutes === 60 ? 'hour' : `${minutes} minutes`}</h2>
            <Segments
              label="Range"
              value={String(minutes)}
              options={[
                { value: '5', label: '5 min' },
                { value: '15', label: '15 min' },
                { value: '60', label: '1 h' },
              ]}
              onChange={(value) => setMinutes(Number(value))}
            />
          </div>
          {problem && <ProblemNote problem={problem} />}
          <div className={`host-charts ${stale ? 'host-charts-stale' : ''}`}>
            {panels.map((panel) => (
              <HistoryChart key={panel.title} panel={panel} history={history} minutes={minutes} />
            ))}
          </div>
        </section>
        <div className="host-side">
          <Attention cluster={cluster} host={host} />
          <section className="card" aria-label="Now">
            <h2>Now</h2>
            <LiveValues host={host}>
              <LoadFigures host={host} />
            </LiveValues>
          </section>
          <ActionList host={host} />
        </div>
      </div>
    </div>
  );
}

/** The shortest range that holds all there is, so that a console just started does not draw an empty hour. */
function fittingMinutes({ times }: History): number {
  const held = ((times.at(-1) ?? 0) - (times[0] ?? 0)) / 60_000;
  return held <= 5 ? 5 : held <= 15 ? 15 : 60;
}

function HistoryChart({
  panel,
  history,
  minutes,
}: {
  readonly panel: Panel;
  readonly history: History;
  readonly minutes: number;
}) {
  const now = useNow();
  const since = now - minutes * 60_000;
  return (
    <Chart
      title={panel.title}
      series={panel.series}
      columns={chartColumns(history, panel.metrics, since)}
      from={since / 1000}
      to={now / 1000}
      top={panel.top}
      format={panel.format}
    />
  );
}

function Attention({ cluster, host }: { readonly cluster: string; readonly host: string }) {
  const health = useSection('host', host, 'health');
  const link = useSection('host', host, 'link');
  const maintenance = useSection('host', host, 'maintenance');
  const reasons = health?.reasons ?? [];
  return (
    <section className="card" aria-label="What needs attention">
      <h2>What needs attention</h2>
      {reasons.length === 0 ? (
        <p className="faint">{link?.state === 'up' ? 'Nothing.' : link?.reason || 'Nothing is known yet.'}</p>
      ) : (
        <HealthReasons reasons={reasons} evidence={(reason) => evidenceAddress(cluster, host, reason)} />
      )}
      {maintenance && (
        <p className="faint">
          Down on purpose until <SinceWhen at={maintenance.until} />
        </p>
      )}
      {link?.missed && <p className="host-missed">{link.missed}</p>}
    </section>
  );
}
