import { useState } from 'react';
import type { RebootLock, RebootLocks } from '#shared/contract/reboot-lock.ts';
import { Ago, For } from '../../parts/since.tsx';
import { useOperate, useSection } from '../../state/hooks.ts';
import { printRoute } from '../../state/routes.ts';
import { Button } from '../../ui/button.tsx';
import { ProblemNote, WaitNote } from '../../ui/notes.tsx';
import { SignWord } from '../../ui/sign-mark.tsx';
import { count } from '../../words/amounts.ts';
import { LockDialog, type LockWish } from './lock-dialog.tsx';
import { lockName } from './lock-words.ts';
import './reboot-locks.css';

/** Who holds the reboot locks of the fleet: a card for each group, and where locks cannot be read. */
export function RebootLocksPart({ cluster }: { readonly cluster: string }) {
  const all = useSection('cluster', '', 'rebootLocks');
  const [wish, setWish] = useState<LockWish | null>(null);
  if (!all) return null;
  return (
    <section className="locks" aria-label="Reboot locks">
      <h2>Reboot locks</h2>
      <LockPlaces all={all} />
      {all.locks.length > 0 && (
        <div className="lock-cards">
          {all.locks.map((lock) => (
            <LockCard key={`${lock.kind} ${lock.group}`} cluster={cluster} lock={lock} onWish={setWish} />
          ))}
        </div>
      )}
      {wish && <LockDialog wish={wish} onClose={() => setWish(null)} />}
    </section>
  );
}

function LockPlaces({ all }: { readonly all: RebootLocks }) {
  const reading = all.places.filter(({ state }) => state === 'reading');
  const unsupported = all.places.filter(({ state }) => state === 'unsupported');
  const told = all.places.filter(({ state, problem }) => problem !== null && state !== 'unsupported');
  const none = all.locks.length === 0 && reading.length === 0 && told.length === 0;
  return (
    <>
      {reading.length > 0 && (
        <WaitNote what={`Reading the locks of ${reading.map(({ kind }) => kind).join(' and ')}…`} />
      )}
      {told.map(({ kind, readAt, problem }) => (
        <ProblemNote key={kind} problem={{ ...problem, message: `${kind}: ${problem?.message ?? ''}` }}>
          {readAt !== null && (
            <p className="faint">
              Last read <Ago at={readAt} />
            </p>
          )}
        </ProblemNote>
      ))}
      {none && (
        <p>No host waits its turn here: this etcd keeps no reboot lock. One appears once a host takes its slot.</p>
      )}
      {unsupported.map(({ kind, problem }) => (
        <p key={kind} className="faint">
          {kind}’s locks cannot be read or kept here. {problem?.message}. {problem?.hint}
        </p>
      ))}
    </>
  );
}

function LockCard({
  cluster,
  lock,
  onWish,
}: {
  readonly cluster: string;
  readonly lock: RebootLock;
  readonly onWish: (wish: LockWish) => void;
}) {
  const operate = useOperate();
  const { max, holders, waiting, problem } = lock;
  return (
    <article className="card lock-card" aria-label={lockName(lock)}>
      <header>
        <h3>{lockName(lock)}</h3>
        {max !== null && (
          <span className={holders.length >= max ? 'lock-full' : 'faint'}>
            {holders.length} of {count(max, 'slot')} taken
          </span>
        )}
        {max !== null && operate && <Button onClick={() => onWish({ lock, verb: 'set-max', max })}>Set max</Button>}
      </header>
      {problem && <ProblemNote problem={problem} />}
      {holders.length > 0 && (
        <table className="plain-table">
          <caption className="unseen">Holders of {lockName(lock)}</caption>
          <tbody>
            {holders.map((holder) => (
              <tr key={holder.id}>
                <td>
                  {holder.host === null ? (
                    <b>unknown host</b>
                  ) : (
                    <a href={printRoute({ view: 'host', cluster, host: holder.host, tab: 'overview', unit: null })}>
                      {holder.host}
                    </a>
                  )}
                  <div className="faint mono">{holder.id}</div>
                  {holder.evidence && <div className="lock-evidence">{holder.evidence}</div>}
                </td>
                <td className="lock-state">
                  <SignWord sign={holder.gone ? signs.ghost : holder.host === null ? signs.unknown : signs.here} />
                  <div className="faint">
                    {holder.since === null ? (
                      'since before this console looked'
                    ) : (
                      <>
                        for <For since={holder.since} />
                      </>
                    )}
                  </div>
                </td>
                <td className="end">
                  {operate && (
                    <Button
                      aria-label={`Clear this holder: ${holder.host ?? holder.id}`}
                      onClick={() => onWish({ lock, verb: 'clear', holder })}
                    >
                      Clear this holder
                    </Button>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {max !== null && holders.length === 0 && <p className="faint">Nobody holds a slot.</p>}
      {waiting.length > 0 && <LockWaiters cluster={cluster} lock={lock} />}
      <p className="faint mono lock-key">{lock.key}</p>
    </article>
  );
}

/** Hosts whose update is in place and that want a slot, the longest first. */
function LockWaiters({ cluster, lock }: { readonly cluster: string; readonly lock: RebootLock }) {
  const shown = lock.waiting.slice(0, mostWaiting);
  const more = lock.waiting.length - shown.length;
  return (
    <table className="plain-table lock-waiting">
      <caption>{count(lock.waiting.length, 'host waits', 'hosts wait')} for a slot</caption>
      <tbody>
        {shown.map(({ host, since }) => (
          <tr key={host}>
            <td>
              <a href={printRoute({ view: 'host', cluster, host, tab: 'updates', unit: null })}>{host}</a>
            </td>
            <td className="lock-state">
              <SignWord sign={signs.waits} />
              <div className="faint">
                {since === null ? (
                  'since before this console looked'
                ) : (
                  <>
                    for <For since={since} />
                  </>
                )}
              </div>
            </td>
          </tr>
        ))}
        {more > 0 && (
          <tr>
            <td className="faint" colSpan={2}>
              and {count(more, 'more host')}
            </td>
          </tr>
        )}
      </tbody>
    </table>
  );
}

/** More than can be read at a glance. */
const mostWaiting = 50;

const signs = {
  waits: { tone: 'attention', shape: 'pause', word: 'waits' },
  ghost: { tone: 'away', shape: 'slash', word: 'may be a ghost' },
  unknown: { tone: 'unknown', shape: 'question', word: 'not known yet' },
  here: { tone: 'good', shape: 'disc', word: 'up' },
} as const;
