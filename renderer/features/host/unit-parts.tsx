import type { UnitDetail } from '#shared/contract/unit.ts';
import { Ago, SinceWhen } from '../../parts/since.tsx';
import { printRoute } from '../../state/routes.ts';
import { FactsList } from '../../ui/facts-list.tsx';
import { MachineText } from '../../ui/machine-text.tsx';
import { SignMark } from '../../ui/sign-mark.tsx';
import { bytes } from '../../words/amounts.ts';
import { duration, timeOfDay } from '../../words/times.ts';

/** What systemd says of the unit, and the last lines of its journal. */
export function StatusPart({ detail }: { readonly detail: UnitDetail }) {
  const failed = detail.result !== '' && detail.result !== 'success';
  return (
    <>
      {detail.needDaemonReload && (
        <p className="unit-reload">
          <SignMark tone="attention" shape="triangle" />
          <span>
            Its files changed since systemd read them: the running unit may differ until <code>daemon-reload</code>.
          </span>
        </p>
      )}
      <FactsList
        facts={[
          ['Result', failed ? `${detail.result}${detail.exitStatus && ` (${detail.exitStatus})`}` : ''],
          ['Enabled', detail.unitFileState],
          ['Active since', detail.activeSince !== null && <SinceWhen at={detail.activeSince} />],
          ['Main process', detail.mainPid > 0 && <code>{`${detail.mainPid} ${detail.mainProcess}`}</code>],
          ['Memory', detail.memoryBytes !== null && bytes(detail.memoryBytes)],
          ['CPU time', detail.cpuNanoseconds !== null && duration(detail.cpuNanoseconds / 1e6)],
          ['Tasks', detail.tasks],
          ['Restarts', detail.restarts > 0 && detail.restarts],
          ['File', detail.fragmentPath && <code>{detail.fragmentPath}</code>],
          ['Documentation', detail.documentation.join('  ')],
          ['Read', <Ago key="read" at={detail.readAt} />],
        ]}
      />
      <h3>Last journal lines</h3>
      {detail.journal.length === 0 ? (
        <p className="faint">{detail.journalReason || 'This unit has not written to the journal.'}</p>
      ) : (
        <MachineText
          label="Last journal lines"
          text={detail.journal
            .map((line) => `${timeOfDay(line.at)} ${line.identifier}[${line.pid}]: ${line.text}`)
            .join('\n')}
          wrap
        />
      )}
    </>
  );
}

/** The unit file and its drop-ins, as the host has them. */
export function FilesPart({
  cluster,
  host,
  detail,
}: {
  readonly cluster: string;
  readonly host: string;
  readonly detail: UnitDetail;
}) {
  const compare = (path: string, filter: string) =>
    printRoute({ view: 'config', cluster, tab: 'compare', path, ...(filter === '' ? {} : { filter }) });
  const dropIn = `/etc/systemd/system/${detail.unit.name}.d/50-quarterdeck.conf`;
  return (
    <>
      <p className="unit-file-do">
        <a href={compare(dropIn, `name:${host}`)}>Edit as a drop-in here</a>
        <a href={compare(dropIn, '')}>Edit as a drop-in on all hosts</a>
        <a href={printRoute({ view: 'units', cluster, unit: detail.unit.name })}>See it over the fleet</a>
      </p>
      {detail.files.length === 0 && <p className="faint">This unit has no file: systemd made it itself.</p>}
      {detail.files.map(({ path, text }) => (
        <div key={path} className="unit-file">
          <h3 className="mono">{path}</h3>
          <a href={compare(path, '')}>Compare over the fleet</a>
          <MachineText text={text} label={path} />
        </div>
      ))}
    </>
  );
}

/** What the unit needs and what needs it, each a link. */
export function DependenciesPart({
  cluster,
  host,
  detail,
}: {
  readonly cluster: string;
  readonly host: string;
  readonly detail: UnitDetail;
}) {
  const lists = [
    ['Requires', detail.requires],
    ['Wants', detail.wants],
    ['Starts after', detail.after],
    ['Required by', detail.requiredBy],
    ['Wanted by', detail.wantedBy],
    ['Triggered by', detail.triggeredBy],
  ] as const;
  const some = lists.filter(([, units]) => units.length > 0);
  if (some.length === 0) return <p className="faint">This unit depends on nothing and nothing depends on it.</p>;
  return (
    <>
      {some.map(([title, units]) => (
        <div key={title} className="unit-dependencies">
          <h3>{title}</h3>
          <ul>
            {units.map((unit) => (
              <li key={unit}>
                <a className="mono" href={printRoute({ view: 'host', cluster, host, tab: 'units', unit })}>
                  {unit}
                </a>
              </li>
            ))}
          </ul>
        </div>
      ))}
    </>
  );
}
