import { memo } from 'react';
import type { RecordOf, SectionName } from '#shared/contract/records.ts';
import { restartNeeds, unitsToRestart } from '#shared/lib/restart/restart-way.ts';
import { heldBy } from '#shared/lib/update/why-not.ts';
import { HealthWhy } from '../../parts/health.tsx';
import { Seen } from '../../parts/seen.tsx';
import {
  channelOf,
  fullestDisk,
  labelsText,
  memoryPart,
  offeredText,
  worstPressure,
} from '../../state/fleet-columns.ts';
import { useOldReading, useSection, useThresholds, useTold } from '../../state/hooks.ts';
import { SignMark, SignWord } from '../../ui/sign-mark.tsx';
import { Sparkline } from '../../ui/sparkline.tsx';
import { TableCell } from '../../ui/virtual-table.tsx';
import { count, percent } from '../../words/amounts.ts';
import { shortOsName } from '../../words/os-name.ts';
import { healthSigns, linkSigns, updateSigns } from '../../words/states.ts';
import { roughSpan } from '../../words/times.ts';

const linkOnly = ['link'] as const;
const loadOnly = ['load'] as const;

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
      <HealthWhy host={host} since />
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

const tellCpu = ({ load }: RecordOf<'host'>) => (load ? percent(load.cpu) : '');
const tellMemory = (host: RecordOf<'host'>) => {
  const part = memoryPart(host);
  return part === null ? '' : percent(part);
};

function CpuCell({ host }: CellProps) {
  const text = useTold(host, loadOnly, tellCpu);
  return <TrendCell points={useSection('host', host, 'trend')?.cpu ?? none} text={text} />;
}

function MemoryCell({ host }: CellProps) {
  const text = useTold(host, loadOnly, tellMemory);
  return <TrendCell points={useSection('host', host, 'trend')?.memory ?? none} text={text} />;
}

const none: readonly (number | null)[] = [];

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
  const points = useSection('host', host, 'trend')?.disk ?? none;
  const { diskAttentionPercent, diskFailingPercent } = useThresholds();
  const old = useOldReading(host, 'disks');
  const fullest = fullestDisk(disks ? { disks } : {});
  if (!fullest) return <TableCell title={old ?? undefined} />;
  const used = fullest.part * 100;
  const tone = used >= diskFailingPercent ? 'bad' : used >= diskAttentionPercent ? 'attention' : 'plain';
  return (
    <TableCell
      className={`fleet-trend ${old === null ? '' : 'not-live'}`}
      align="end"
      title={`${fullest.mount} ${old === null ? 'is' : 'was'} ${percent(fullest.part)} full${old === null ? '' : `\n${old}`}`}
    >
      {points.length > 1 && <Sparkline points={points} tone={tone} />}
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

const tellLinkState = (host: RecordOf<'host'>) => host.link?.state ?? null;
const tellLinkReason = (host: RecordOf<'host'>) => host.link?.reason ?? '';

function LinkCell({ host }: CellProps) {
  const state = useTold(host, linkOnly, tellLinkState);
  const reason = useTold(host, linkOnly, tellLinkReason);
  return <TableCell title={reason}>{state && <SignWord sign={linkSigns[state]} />}</TableCell>;
}

const factsAndUpdate = ['facts', 'update'] as const;

function ChannelCell({ host }: CellProps) {
  const channel = useTold(host, factsAndUpdate, channelOf);
  return (
    <TableCell className="fleet-second" title={channel ?? undefined}>
      {channel}
    </TableCell>
  );
}

const updateOnly = ['update'] as const;
const tellPhase = ({ update }: RecordOf<'host'>) => (update && update.agent !== 'none' ? update.phase : null);
const tellPhaseText = ({ update }: RecordOf<'host'>) => update?.phaseText ?? '';
const tellProgress = ({ update }: RecordOf<'host'>) =>
  typeof update?.progress === 'number' ? percent(update.progress) : '';

function UpdateCell({ host }: CellProps) {
  const phase = useTold(host, updateOnly, tellPhase);
  const why = useTold(host, updateOnly, tellPhaseText);
  const progress = useTold(host, updateOnly, tellProgress);
  if (phase === null) return <TableCell title={why} />;
  const sign = updateSigns[phase];
  return (
    <TableCell className={phase === 'idle' ? 'fleet-second' : ''} title={why}>
      {phase === 'idle' ? 'idle' : <SignWord sign={progress === '' ? sign : { ...sign, word: progress }} />}
    </TableCell>
  );
}

const ofUpdate = ['link', 'update', 'disks', 'kubernetes', 'maintenance'] as const;
const heldNow = (host: RecordOf<'host'>, now: number) =>
  host.update ? heldBy({ name: host.identity?.name ?? '', host, now }) : null;
const tellHeldBy = (host: RecordOf<'host'>, now: number) => heldNow(host, now)?.name ?? null;
const tellHeldWhy = (host: RecordOf<'host'>, now: number) => heldNow(host, now)?.text ?? '';

function HeldByCell({ host }: CellProps) {
  const by = useTold(host, ofUpdate, tellHeldBy);
  const why = useTold(host, ofUpdate, tellHeldWhy);
  return (
    <TableCell title={why}>
      {by !== null && <SignWord sign={{ tone: 'attention', shape: 'pause', word: by }} />}
    </TableCell>
  );
}

/** A cell that says one thing, and renders only when that changes. */
function text(
  section: SectionName<'host'>,
  tell: (host: RecordOf<'host'>) => string | null,
  align: 'start' | 'end' = 'start',
) {
  const sections = [section];
  return function TextCell({ host }: CellProps) {
    const value = useTold(host, sections, tell);
    return (
      <TableCell align={align} className={align === 'start' ? 'fleet-second' : ''} title={value ?? undefined}>
        {value}
      </TableCell>
    );
  };
}

function restartText(restarts: RecordOf<'host'>['restarts']): string | null {
  const units = unitsToRestart(restarts).length;
  if (units > 0) return count(units, 'unit');
  return restartNeeds(restarts).includes('reboot') ? 'reboot' : null;
}

/** How each column draws its value for a host; every cell listens to its own sections only. */
export const fleetCells: Record<string, React.ComponentType<CellProps>> = Object.fromEntries(
  Object.entries({
    name: NameCell,
    state: StateCell,
    labels: text('identity', labelsText),
    os: OsCell,
    channel: ChannelCell,
    update: UpdateCell,
    heldby: HeldByCell,
    offered: text('update', ({ update }) => offeredText(update ?? null)),
    restart: text('restarts', ({ restarts }) => restartText(restarts)),
    cpu: CpuCell,
    memory: MemoryCell,
    disk: DiskCell,
    failed: FailedCell,
    uptime: text('load', ({ load }) => (load ? roughSpan(load.uptimeS * 1000) : null), 'end'),
    seen: SeenCell,
    link: LinkCell,
    address: text('identity', ({ identity }) => (identity ? addressOf(identity) : null)),
    load: text('load', ({ load }) => load?.load1.toFixed(2) ?? null, 'end'),
    pressure: text('load', pressureOf, 'end'),
    latency: text(
      'load',
      ({ load }) => (load ? `${load.latencyMs.toFixed(load.latencyMs < 10 ? 1 : 0)} ms` : null),
      'end',
    ),
    kernel: text('facts', ({ facts }) => facts?.kernel ?? null),
    systemd: text('facts', ({ facts }) => facts?.systemd ?? null),
    architecture: text('facts', ({ facts }) => facts?.architecture ?? null),
    virtualization: text('facts', ({ facts }) => facts?.virtualization ?? null),
    units: text('units', ({ units }) => units?.total.toString() ?? null, 'end'),
  }).map(([id, Cell]) => [id, memo(Cell)]),
);

function addressOf({ address, port }: { address: string; port: number }): string {
  return port === 22 ? address : `${address}:${port}`;
}

function pressureOf(host: RecordOf<'host'>): string | null {
  const worst = worstPressure(host);
  return worst === null ? null : `${worst.toFixed(1)} %`;
}
