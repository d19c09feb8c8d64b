import type { HostRestarts, OldFilesUnit } from '#shared/contract/restart.ts';
import { type RestartWay, restartWay, unitsToRestart } from '#shared/lib/restart/restart-way.ts';
import { Ago, For } from '../../parts/since.tsx';
import { useDo } from '../../state/calls.ts';
import { useConsole } from '../../state/console.ts';
import { useOperate, useSection } from '../../state/hooks.ts';
import { printRoute } from '../../state/routes.ts';
import { Button } from '../../ui/button.tsx';
import { ProblemNote } from '../../ui/notes.tsx';
import { count } from '../../words/amounts.ts';
import './restarts-card.css';

interface CardProps {
  readonly cluster: string;
  readonly host: string;
}

/** Units that still run files which were replaced: those that may be restarted, and those that are better not, each with why. */
export function RestartsCard({ cluster, host }: CardProps) {
  const { dialogs } = useConsole();
  const restarts = useSection('host', host, 'restarts');
  const facts = useSection('host', host, 'facts');
  const operate = useOperate();
  const look = useDo('hosts.read-restarts');
  const kernel = (facts?.rebootNeeded ?? []).filter(({ marker }) => marker.startsWith('kernel-'));
  if (!restarts) return null;
  const units = restarts.units.map((one) => ({ ...one, way: restartWay(one) }));
  const old = units.filter(({ way }) => way.by === 'restart');
  const others = units.filter(({ way }) => way.by !== 'restart');
  const wantsReboot = kernel.length > 0 || others.some(({ way }) => way.by === 'reboot');
  return (
    <section className="card restarts" aria-label="Needs a restart">
      <h2>Needs a restart</h2>
      {restarts.problem && <ProblemNote problem={restarts.problem} />}
      {look.problem && <ProblemNote problem={look.problem} />}
      <p className={units.length === 0 ? 'faint' : ''}>{summary(restarts, old.length)}</p>
      {restarts.sees === 'own' && <p className="faint">{ownWords[facts?.elevation ?? 'unknown']}</p>}
      <UnitLines units={old} cluster={cluster} host={host} />
      {others.length + kernel.length > 0 && (
        <>
          <h3>Not by a restart</h3>
          {kernel.map(({ evidence }) => (
            <p key={evidence}>
              The kernel <span className="faint">is older than what is installed: {evidence}</span>
            </p>
          ))}
          <UnitLines units={others} cluster={cluster} host={host} />
        </>
      )}
      <div className="restarts-buttons">
        {operate && unitsToRestart(restarts).length > 0 && (
          <Button onClick={() => dialogs.setState({ open: { kind: 'restart-units', hosts: [host] } })}>
            Restart {old.length === 1 ? 'this unit' : 'these units'}…
          </Button>
        )}
        {operate && wantsReboot && (
          <Button onClick={() => dialogs.setState({ open: { kind: 'reboot', hosts: [host] } })}>Reboot {host}…</Button>
        )}
        <Button kind="quiet" disabled={look.busy} onClick={() => void look.run({ host })}>
          {look.busy ? 'Looking…' : 'Look again'}
        </Button>
        <span className="faint">
          Looked <Ago at={restarts.readAt} />
        </span>
      </div>
    </section>
  );
}

const ownWords = {
  root: 'Only some processes could be looked at: the host hides the others, even from root.',
  sudo: 'Only the login user’s own processes could be looked at: sudo did not lead to all of them.',
  'sudo-password': 'Only the login user’s own processes could be looked at: sudo asks for a password here.',
  none: 'Only the login user’s own processes could be looked at: this user has no way to root.',
  unknown: 'Only the login user’s own processes could be looked at: whether sudo asks for a password is not known.',
} as const;

function summary({ units, isPart }: HostRestarts, restartable: number): string {
  if (units.length === 0 && !isPart) return 'Nothing that was looked at runs files which were replaced.';
  const part = isPart ? ' There is more: not all could be listed.' : '';
  if (restartable === 0) return `No unit that may be restarted runs old files.${part}`;
  return `${count(restartable, 'unit')} still ${restartable === 1 ? 'runs' : 'run'} files that were replaced or removed.${part}`;
}

function UnitLines({
  units,
  cluster,
  host,
}: CardProps & { readonly units: readonly (OldFilesUnit & { readonly way: RestartWay })[] }) {
  if (units.length === 0) return null;
  return (
    <ul className="restarts-units">
      {units.map((one) => (
        <li key={one.unit}>
          {one.unit === '' ? (
            <span>{one.programs.join(', ') || 'Processes'}</span>
          ) : (
            <a className="mono" href={printRoute({ view: 'host', cluster, host, tab: 'units', unit: one.unit })}>
              {one.unit}
            </a>
          )}
          {'why' in one.way && <span>{one.way.why}</span>}
          <span className="faint" title={one.files.join('\n')}>
            {oldWords(one)}
            {one.replacedAt !== null && (
              <>
                , replaced <Ago at={one.replacedAt} />
              </>
            )}
            {one.startedAt !== null && (
              <>
                ; running for <For since={one.startedAt} />
              </>
            )}
          </span>
        </li>
      ))}
    </ul>
  );
}

function oldWords({ packages, files, moreFiles }: OldFilesUnit): string {
  const more = moreFiles > 0 ? ` and ${count(moreFiles, 'more file')}` : '';
  const names = packages.length > 0 ? packages : files.map((file) => file.split('/').at(-1) ?? file);
  return `old: ${names.join(', ')}${more}`;
}
