import type { HostDrift } from '#shared/contract/document.ts';
import { printRoute } from '../state/routes.ts';
import { SignMark } from '../ui/sign-mark.tsx';
import { driftSigns, driftWord, foldDrift } from './drift-words.ts';
import './drift.css';

/** `22 same · 1 differs`, each a link to those hosts. */
export function DriftCounts({
  cluster,
  name,
  drift,
}: {
  readonly cluster: string;
  readonly name: string;
  readonly drift: readonly HostDrift[] | undefined;
}) {
  if (!drift) return <span className="faint">not compared yet</span>;
  if (drift.length === 0) return <span className="faint">fits no host now</span>;
  return (
    <span className="drift-counts">
      {foldDrift(drift).map(({ state, hosts }) => (
        <a
          key={state}
          className={`tone-${driftSigns[state].tone}`}
          href={printRoute({ view: 'config', cluster, tab: 'documents', document: name, part: 'drift', state })}
        >
          <SignMark tone={driftSigns[state].tone} shape={driftSigns[state].shape} size={10} />
          {hosts.length} {driftWord(state, hosts.length)}
        </a>
      ))}
    </span>
  );
}
