import { useMemo, useState } from 'react';
import type { ServerInstance } from '#shared/contract/update-server.ts';
import { Ago } from '../../parts/since.tsx';
import { useConsole } from '../../state/console.ts';
import { useKeys } from '../../state/keyboard.ts';
import { printRoute, type Route } from '../../state/routes.ts';
import { Button } from '../../ui/button.tsx';
import { SignWord } from '../../ui/sign-mark.tsx';
import { type RowPlace, type TableColumn, TableCell, TableRow, VirtualTable } from '../../ui/virtual-table.tsx';
import { count } from '../../words/amounts.ts';
import { serverStatusSigns } from '../../words/states.ts';

const columns: readonly TableColumn[] = [
  { id: 'host', title: 'Host', width: 150, flexible: 2 },
  { id: 'status', title: 'Status', width: 136 },
  { id: 'runs', title: 'Runs', width: 90 },
  { id: 'granted', title: 'Granted', width: 90 },
  { id: 'asked', title: 'Asked', width: 84 },
  { id: 'machine', title: 'Machine', width: 250, flexible: 3 },
  { id: 'ip', title: 'Address', width: 110 },
  { id: 'act', title: '', width: 106, align: 'end' },
];
const rowHeight = 28;
/** So many rows are seen at once where there are more. */
const mostSeen = 18;
const pageOfRows = mostSeen - 1;

/** The instances of a group, however many: only those in sight are drawn. */
export function InstanceTable({
  cluster,
  instances,
  onName,
}: {
  readonly cluster: string;
  readonly instances: readonly ServerInstance[];
  readonly onName: (instance: ServerInstance) => void;
}) {
  const { router } = useConsole();
  const [text, setText] = useState('');
  const [cursor, setCursor] = useState<string | null>(null);
  const byId = useMemo(() => new Map(instances.map((instance) => [instance.id, instance])), [instances]);
  const rows = useMemo(() => idsWith(instances, text), [instances, text]);
  const move = (steps: number) => () => {
    const at = cursor === null ? -1 : rows.indexOf(cursor);
    setCursor(rows[Math.max(0, Math.min(rows.length - 1, at + steps))] ?? null);
  };
  const open = () => {
    const host = cursor === null ? null : (byId.get(cursor)?.host ?? null);
    if (host !== null) router.go(hostPage(cluster, host));
  };
  useKeys('Instances', 'view', [
    { keys: 'j', label: 'Next instance', run: move(1) },
    { keys: 'ArrowDown', run: move(1) },
    { keys: 'k', label: 'Previous instance', run: move(-1) },
    { keys: 'ArrowUp', run: move(-1) },
    { keys: 'PageDown', run: move(pageOfRows) },
    { keys: 'PageUp', run: move(-pageOfRows) },
    { keys: 'Home', run: move(-rows.length) },
    { keys: 'End', run: move(rows.length) },
    { keys: 'Enter', label: 'Go to the host', run: open },
    { keys: '/', label: 'Filter', run: () => document.querySelector<HTMLInputElement>('[data-filter]')?.focus() },
  ]);
  return (
    <>
      <p className="server-filter">
        <input
          className="input"
          data-filter=""
          type="search"
          aria-label="Filter instances"
          placeholder="Host, alias, machine, address or version"
          value={text}
          spellCheck={false}
          onChange={(event) => setText(event.target.value)}
        />
        <span className="faint" role="status">
          {rows.length === instances.length
            ? count(rows.length, 'instance')
            : `${rows.length.toLocaleString('en')} of ${count(instances.length, 'instance')}`}
        </span>
      </p>
      <div className="server-instances" style={{ height: (Math.min(rows.length, mostSeen) + 1) * rowHeight + 2 }}>
        <VirtualTable
          label="Instances"
          columns={columns}
          rows={rows}
          cursor={cursor}
          rowHeight={rowHeight}
          renderRow={(id, place) => {
            const instance = byId.get(id);
            return instance ? (
              <InstanceRow
                key={id}
                cluster={cluster}
                instance={instance}
                place={place}
                cursor={cursor === id}
                onPress={() => setCursor(id)}
                onName={() => onName(instance)}
              />
            ) : null;
          }}
        />
      </div>
    </>
  );
}

function InstanceRow({
  cluster,
  instance,
  place,
  cursor,
  onPress,
  onName,
}: {
  readonly cluster: string;
  readonly instance: ServerInstance;
  readonly place: RowPlace;
  readonly cursor: boolean;
  readonly onPress: () => void;
  readonly onName: () => void;
}) {
  const { host, alias, id, ip, status, version, grantedVersion, lastCheckAt } = instance;
  const name = host ?? (alias || id);
  return (
    <TableRow place={place} label={name} cursor={cursor} onClick={onPress}>
      <TableCell title={alias}>
        {host === null ? <b>not in this cluster</b> : <a href={printRoute(hostPage(cluster, host))}>{host}</a>}
        {alias && alias !== host && <span className="faint"> {alias}</span>}
      </TableCell>
      <TableCell>
        <SignWord sign={serverStatusSigns[status]} />
      </TableCell>
      <TableCell title={version}>{version || '–'}</TableCell>
      <TableCell title={grantedVersion}>{grantedVersion || '–'}</TableCell>
      <TableCell>{lastCheckAt === null ? '–' : <Ago at={lastCheckAt} />}</TableCell>
      <TableCell className="mono faint" title={id}>
        {id}
      </TableCell>
      <TableCell className="mono faint">{ip}</TableCell>
      <TableCell align="end">
        <Button kind="quiet" aria-label={`Set alias of ${alias || id}`} onClick={onName}>
          Set alias
        </Button>
      </TableCell>
    </TableRow>
  );
}

function hostPage(cluster: string, host: string): Route {
  return { view: 'host', cluster, host, tab: 'updates', unit: null };
}

function idsWith(instances: readonly ServerInstance[], text: string): string[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return instances
    .filter(({ host, alias, id, ip, version, grantedVersion, status }) => {
      const all = [host, alias, id, ip, version, grantedVersion, serverStatusSigns[status].word]
        .join(' ')
        .toLowerCase();
      return words.every((word) => all.includes(word));
    })
    .map(({ id }) => id);
}
