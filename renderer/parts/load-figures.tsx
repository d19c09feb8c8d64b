import { fullestDisk, memoryPart, worstPressure } from '../state/fleet-columns.ts';
import { useOldReading, useSection, useThresholds } from '../state/hooks.ts';
import { OldNote } from './seen.tsx';
import { Meter } from '../ui/meter.tsx';
import { Sparkline } from '../ui/sparkline.tsx';
import { bytes, percent, rate } from '../words/amounts.ts';
import './load-figures.css';

/** A host's figures now, with the last ten minutes where they are kept. */
export function LoadFigures({ host }: { readonly host: string }) {
  const load = useSection('host', host, 'load');
  const trend = useSection('host', host, 'trend');
  const disks = useSection('host', host, 'disks');
  const oldDisks = useOldReading(host, 'disks');
  const { diskAttentionPercent, diskFailingPercent } = useThresholds();
  if (!load) return <p className="faint">No figures have been read from this host yet.</p>;
  const memory = memoryPart({ load }) ?? 0;
  const disk = fullestDisk(disks ? { disks } : {});
  const pressure = worstPressure({ load });
  const used = (disk?.part ?? 0) * 100;
  const tone = used >= diskFailingPercent ? 'bad' : used >= diskAttentionPercent ? 'attention' : 'plain';
  return (
    <>
      <dl className="load-figures">
        <Figure name="CPU" value={percent(load.cpu)} note={`load ${load.load1.toFixed(2)}`}>
          <Sparkline points={trend?.cpu ?? []} width={48} height={18} />
        </Figure>
        <Figure
          name="Memory"
          value={percent(memory)}
          note={`${bytes(load.memoryUsedBytes)} of ${bytes(load.memoryTotalBytes)}`}
        >
          <Sparkline points={trend?.memory ?? []} width={48} height={18} />
        </Figure>
        {disk && (
          <Figure name="Disk" value={percent(disk.part)} note={disk.mount} old={oldDisks !== null}>
            <Meter part={disk.part} tone={tone} />
          </Figure>
        )}
        {pressure !== null && (
          <Figure name="Pressure" value={`${pressure.toFixed(1)} %`} note="worst of three">
            <Meter part={pressure / 100} />
          </Figure>
        )}
        <Figure name="Network" value={rate(load.netReceiveBps)} note={`in · ${rate(load.netSendBps)} out`} />
      </dl>
      {oldDisks !== null && <OldNote text={oldDisks} />}
    </>
  );
}

function Figure({
  name,
  value,
  note,
  old = false,
  children,
}: {
  readonly name: string;
  readonly value: string;
  readonly note: string;
  readonly old?: boolean;
  readonly children?: React.ReactNode;
}) {
  return (
    <div className={old ? 'not-live' : undefined}>
      <dt>{name}</dt>
      <dd>
        <b>{value}</b>
        <span className="load-figures-line">{children}</span>
        <span className="faint cut">{note}</span>
      </dd>
    </div>
  );
}
