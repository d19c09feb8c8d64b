import { memo } from 'react';
import { HealthWhy } from '../../parts/health.tsx';
import { Seen } from '../../parts/seen.tsx';
import { fullestDisk, labelsText, memoryPart, worstPressure } from '../../state/fleet-columns.ts';
import { useSection, useThresholds } from '../../state/hooks.ts';
import { Meter } from '../../ui/meter.tsx';
import { SignMark, SignWord } from '../../ui/sign-mark.tsx';
import { Sparkline } from '../../ui/sparkline.tsx';
import { TableCell } from '../../ui/virtual-table.tsx';
import { percent } from '../../words/amounts.ts';
import { shortOsName } from '../../words/os-name.ts';
import { healthSigns, linkSigns } from '../../words/states.ts';
import { roughSpan } from '../../words/times.ts';

interface CellProps {
  readonly host: string;
  readonly href: string;
}

function NameCell({ host, href }: CellProps) {
  const sign = healthSigns[useSection('host', host, 'health')?.state ?? 'unknown'];
  return (
    <TableCell className="fleet-name" title={host}>
      <SignMark tone={sign.tone} shape={sign.shape} />
      <a href={href} tabIndex={-1}>
        {host}
      </a>
    </TableCell>
  );
}

function StateCell({ host }: CellProps) {
  return (
    <TableCell className="fleet-state">
      <HealthWhy host={host} />
    </TableCell>
  );
}

function LabelsCell({ host }: CellProps) {
  const identity = useSection('host', host, 'identity');
  const text = labelsText(identity ? { identity } : {});
  return (
    <TableCell className="fleet-second" title={text}>
      {text}
    </TableCell>
  );
}

function OsCell({ host }: CellProps) {
  const os = useSection('host', host, 'facts')?.os;
  return (
    <TableCell className="fleet-second" title={os?.pretty}>
      {os && shortOsName(os.pretty)}
    </TableCell>
  );
}

function CpuCell({ host }: CellProps) {
  const load = useSection('host', host, 'load');
  const trend = useSection('host', host, 'trend');
  return <TrendCell points={trend?.cpu ?? []} text={load ? percent(load.cpu) : ''} />;
}

function MemoryCell({ host }: CellProps) {
  const load = useSection('host', host, 'load');
  const trend = useSection('host', host, 'trend');
  const part = memoryPart(load ? { load } : {});
  return <TrendCell points={trend?.memory ?? []} text={part === null ? '' : percent(part)} />;
}

function TrendCell({ points, text }: { readonly points: readonly (number | null)[]; readonly text: string }) {
  return (
    <TableCell className="fleet-trend" align="end">
      {points.length > 1 && <Sparkline points={points} />}
      <span className="fleet-figure">{text}</span>
    </TableCell>
  );
}

function DiskCell({ host }: CellProps) {
  const disks = useSection('host', host, 'disks');
  const { diskAttentionPercent, diskFailingPercent } = useThresholds();
  const fullest = fullestDisk(disks ? { disks } : {});
  if (!fullest) return <TableCell />;
  const used = fullest.part * 100;
  const tone = used >= diskFailingPercent ? 'bad' : used >= diskAttentionPercent ? 'attention' : 'plain';
  return (
    <TableCell className="fleet-trend" align="end" title={`${fullest.mount} is ${percent(fullest.part)} full`}>
      <Meter part={fullest.part} tone={tone} />
      <span className="fleet-figure">{percent(fullest.part)}</span>
    </TableCell>
  );
}

function FailedCell({ host }: CellProps) {
  const failed = useSection('host', host, 'units')?.failed;
  if (!failed) return <TableCell />;
  return failed.length === 0 ? (
    <TableCell align="end" className="faint">
      0
    </TableCell>
  ) : (
    <TableCell align="end" className="fleet-failed" title={failed.map(({ name }) => name).join('\n')}>
      {failed.length}
    </TableCell>
  );
}

function SeenCell({ host }: CellProps) {
  return (
    <TableCell align="end" className="fleet-seen">
      <Seen host={host} />
    </TableCell>
  );
}

function LinkCell({ host }: CellProps) {
  const link = useSection('host', host, 'link');
  return <TableCell title={link?.reason}>{link && <SignWord sign={linkSigns[link.state]} />}</TableCell>;
}

function text(useValue: (host: string) => string | null | undefined, align: 'start' | 'end' = 'start') {
  return function TextCell({ host }: CellProps) {
    const value = useValue(host);
    return (
      <TableCell align={align} className={align === 'start' ? 'fleet-second' : ''} title={value ?? undefined}>
        {value}
      </TableCell>
    );
  };
}

const useLoad = (host: string) => useSection('host', host, 'load');
const useFacts = (host: string) => useSection('host', host, 'facts');

/** How each column draws its value for a host; every cell listens to its own sections only. */
export const fleetCells: Record<string, React.ComponentType<CellProps>> = Object.fromEntries(
  Object.entries({
    name: NameCell,
    state: StateCell,
    labels: LabelsCell,
    os: OsCell,
    channel: text((host) => useFacts(host)?.channel),
    cpu: CpuCell,
    memory: MemoryCell,
    disk: DiskCell,
    failed: FailedCell,
    uptime: text((host) => spanOf(useLoad(host)?.uptimeS), 'end'),
    seen: SeenCell,
    link: LinkCell,
    address: text((host) => addressOf(useSection('host', host, 'identity'))),
    load: text((host) => useLoad(host)?.load1.toFixed(2), 'end'),
    pressure: text((host) => pressureOf(useLoad(host)), 'end'),
    latency: text((host) => latencyOf(useLoad(host)?.latencyMs), 'end'),
    kernel: text((host) => useFacts(host)?.kernel),
    systemd: text((host) => useFacts(host)?.systemd),
    architecture: text((host) => useFacts(host)?.architecture),
    virtualization: text((host) => useFacts(host)?.virtualization),
    units: text((host) => useSection('host', host, 'units')?.total.toString(), 'end'),
  }).map(([id, Cell]) => [id, memo(Cell)]),
);

function spanOf(seconds: number | undefined): string | undefined {
  return seconds === undefined ? undefined : roughSpan(seconds * 1000);
}

function addressOf(identity: { address: string; port: number } | undefined): string | undefined {
  return identity && (identity.port === 22 ? identity.address : `${identity.address}:${identity.port}`);
}

function pressureOf(load: ReturnType<typeof useLoad>): string | undefined {
  const worst = worstPressure(load ? { load } : {});
  return worst === null ? undefined : `${worst.toFixed(1)} %`;
}

function latencyOf(ms: number | undefined): string | undefined {
  return ms === undefined ? undefined : `${ms.toFixed(ms < 10 ? 1 : 0)} ms`;
}
