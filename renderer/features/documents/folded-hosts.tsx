import { type DriftFold, driftSigns, driftWord, isDrifted, whyDrifted } from '../../parts/drift-words.ts';
import { Ago } from '../../parts/since.tsx';
import { SignMark } from '../../ui/sign-mark.tsx';
import { count } from '../../words/amounts.ts';

/** Hosts that stand alike to a document, with why; those that a correction would bring back can be chosen. */
export function FoldedHosts({
  fold,
  isOpen,
  shown,
  chosen,
  onChoose,
  onPick,
}: {
  readonly fold: DriftFold;
  readonly isOpen: boolean;
  readonly shown: string | null;
  readonly chosen: ReadonlySet<string> | null;
  readonly onChoose: (host: string) => void;
  readonly onPick: (host: string) => void;
}) {
  const sign = driftSigns[fold.state];
  return (
    <details className="drift-fold" open={isOpen}>
      <summary>
        <SignMark tone={sign.tone} shape={sign.shape} /> {count(fold.hosts.length, 'host')}{' '}
        {driftWord(fold.state, fold.hosts.length)}
      </summary>
      <ul>
        {fold.hosts.map((one) => (
          <li key={one.host} className={one.host === shown ? 'drift-shown' : ''}>
            {chosen && isDrifted(one) && (
              <input
                type="checkbox"
                aria-label={`Choose ${one.host}`}
                checked={chosen.has(one.host)}
                onChange={() => onChoose(one.host)}
              />
            )}
            <button type="button" aria-pressed={one.host === shown} onClick={() => onPick(one.host)}>
              <span className="drift-host">{one.host}</span>
              <span className="drift-why cut" title={whyDrifted(one)}>
                {whyDrifted(one)}
              </span>
              <span className="drift-at">{one.readAt === null ? 'never read' : <Ago at={one.readAt} />}</span>
            </button>
          </li>
        ))}
      </ul>
    </details>
  );
}
