import { useMemo, useState } from 'react';
import type { HostDrift } from '#shared/contract/document.ts';
import { CorrectHosts } from '../../parts/correct-hosts.tsx';
import { driftSigns, foldDrift, isDrifted } from '../../parts/drift-words.ts';
import { HostDriftDetail } from '../../parts/host-drift.tsx';
import { Ago } from '../../parts/since.tsx';
import { useDo } from '../../state/calls.ts';
import { useOperate, useSection } from '../../state/hooks.ts';
import { useKeys } from '../../state/keyboard.ts';
import { printRoute } from '../../state/routes.ts';
import { Button } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';
import { EmptyNote, ProblemNote } from '../../ui/notes.tsx';
import { count } from '../../words/amounts.ts';
import { FoldedHosts } from './folded-hosts.tsx';

const noDrift: HostDrift[] = [];
const openUpTo = 12;

/** How every host of a document stands to it, folded by state, and the ways to bring the two together. */
export function DriftPane({
  cluster,
  name,
  opened,
}: {
  readonly cluster: string;
  readonly name: string;
  /** The state whose hosts are unfolded and of which the first is shown; `apply` begins to correct all of them. */
  readonly opened: string | null;
}) {
  const operate = useOperate();
  const drift = useSection('document', name, 'drift') ?? noDrift;
  const folds = useMemo(() => foldDrift(drift), [drift]);
  const [picked, setPicked] = useState<string | null>(null);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [correcting, setCorrecting] = useState<string[] | 'all' | null>(opened === 'apply' && operate ? 'all' : null);
  const [password, setPassword] = useState('');
  const check = useDo('document.check');
  const given = password === '' ? null : password;
  const first = folds.find(({ state }) => state === opened) ?? folds[0];
  const shown = drift.find(({ host }) => host === picked) ?? first?.hosts[0];
  const drifted = drift.filter(isDrifted).map(({ host }) => host);
  const selected = drifted.filter((host) => chosen.has(host));
  const inOrder = folds.flatMap(({ hosts }) => hosts.map(({ host }) => host));
  const read = drift.flatMap(({ readAt }) => (readAt === null ? [] : [readAt]));
  const checkNow = () => void check.run({ names: [name], password: given });
  const move = (steps: number) => () => {
    const at = shown ? inOrder.indexOf(shown.host) : -1;
    setPicked(inOrder[Math.max(0, Math.min(inOrder.length - 1, at + steps))] ?? null);
    setCorrecting(null);
  };
  const toggle = (host: string) =>
    setChosen((before) => {
      const next = new Set(before);
      if (!next.delete(host)) next.add(host);
      return next;
    });
  const correct = () => operate && drifted.length > 0 && setCorrecting(selected.length > 0 ? selected : drifted);
  useKeys('Drift', 'part', [
    { keys: 'j', label: 'Next host', run: move(1) },
    { keys: 'ArrowDown', run: move(1) },
    { keys: 'k', label: 'Previous host', run: move(-1) },
    { keys: 'ArrowUp', run: move(-1) },
    { keys: 'x', label: 'Choose the host', run: () => shown && isDrifted(shown) && toggle(shown.host) },
    { keys: 'r', label: 'Check the hosts now', run: checkNow },
    ...(operate ? [{ keys: 'c', label: 'Correct the chosen hosts, or all that drifted', run: correct }] : []),
  ]);
  if (drift.length === 0) {
    return (
      <EmptyNote title="It fits no host now">
        <p>Its targets decide which hosts it is for; they can be changed beside its text.</p>
      </EmptyNote>
    );
  }
  return (
    <div className="drift">
      <div className="drift-list">
        <div className="drift-list-head">
          {operate && drifted.length > 0 && correcting === null && (
            <Button kind="primary" onClick={correct}>
              {selected.length > 0 ? `Correct ${count(selected.length, 'chosen host')}` : correctAllWords(drifted)}
            </Button>
          )}
          <Button disabled={check.busy} onClick={checkNow}>
            {check.busy ? 'Reading the hosts…' : 'Check now'}
          </Button>
          <span className="faint">
            {read.length === 0 ? (
              'Never read yet'
            ) : (
              <>
                Read <Ago at={Math.min(...read)} />
              </>
            )}
          </span>
        </div>
        {check.problem && <ProblemNote problem={check.problem} />}
        {drift.some(({ state }) => state === 'unreadable') && (
          <div className="drift-password">
            <TextField
              label="Password for sudo"
              type="password"
              hint="Some files are shown to root only. Used to read them, never kept."
              value={password}
              onChange={(event) => setPassword(event.target.value)}
            />
          </div>
        )}
        {folds.map((fold) => (
          <FoldedHosts
            key={fold.state}
            fold={fold}
            isOpen={fold.state !== 'same' || opened === 'same' || fold.hosts.length <= openUpTo}
            shown={shown?.host ?? null}
            chosen={operate ? chosen : null}
            onChoose={toggle}
            onPick={(host) => {
              setPicked(host);
              setCorrecting(null);
            }}
          />
        ))}
      </div>
      <section className="drift-detail" aria-label="What differs">
        {correcting ? (
          <CorrectHosts
            key={correcting === 'all' ? '' : correcting.join(' ')}
            cluster={cluster}
            names={[name]}
            hosts={correcting === 'all' ? null : correcting}
            onLeave={() => setCorrecting(null)}
          />
        ) : (
          shown && (
            <>
              <h2>
                <a href={printRoute({ view: 'host', cluster, host: shown.host, tab: 'config', unit: null })}>
                  {shown.host}
                </a>{' '}
                {driftSigns[shown.state].word}
              </h2>
              <HostDriftDetail
                key={`${shown.host} ${shown.state}`}
                cluster={cluster}
                name={name}
                drift={shown}
                password={given}
                isListed={drifted.length > 1}
              />
            </>
          )
        )}
      </section>
    </div>
  );
}

function correctAllWords(drifted: readonly string[]): string {
  return drifted.length === 1 ? `Correct ${drifted[0]}` : `Correct all ${drifted.length} that drifted`;
}
