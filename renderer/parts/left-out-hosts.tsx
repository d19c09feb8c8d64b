import type { Problem } from '#shared/contract/problem.ts';
import { SignMark } from '../ui/sign-mark.tsx';
import { count, some } from '../words/amounts.ts';
import { sameReasons } from './unit-plan-words.ts';
import './unit-confirm.css';

const most = 6;

/** The hosts that nothing is done on, told once per reason, with what to do about it. */
export function LeftOutHosts({
  leftOut,
  nothing,
  onAgain,
}: {
  readonly leftOut: readonly { readonly host: string; readonly reason: Problem }[];
  /** What is said where nothing is left to do; null where something is. */
  readonly nothing: string | null;
  readonly onAgain: () => void;
}) {
  if (leftOut.length === 0) return null;
  const reasons = sameReasons([...leftOut]);
  return (
    <div className="unit-left-out" role={nothing === null ? undefined : 'alert'} data-testid="left-out">
      <p>
        {nothing ?? `Left out: ${count(leftOut.length, 'host')}`}
        {' · '}
        <button type="button" className="link-button" onClick={onAgain}>
          Plan it anew
        </button>
      </p>
      <ul>
        {reasons.slice(0, most).map(({ hosts, reason }) => (
          <li key={reason.message}>
            <SignMark tone="attention" shape="triangle" />
            <span>
              <b>{some(hosts, 6)}</b>: {reason.message}
              {reason.hint && <span className="faint">. {reason.hint}</span>}
            </span>
          </li>
        ))}
      </ul>
      {reasons.length > most && <p className="faint">and {reasons.length - most} more reasons</p>}
    </div>
  );
}
