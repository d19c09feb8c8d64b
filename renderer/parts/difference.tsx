import { lazy, Suspense } from 'react';
import { usePreference } from '../state/hooks.ts';
import { DiffLines } from '../ui/diff-lines.tsx';
import { Segments } from '../ui/field.tsx';
import { WaitNote } from '../ui/notes.tsx';
import './difference.css';

// The editor it is made of is large, and most differences are read inline.
const SideBySide = lazy(async () => ({ default: (await import('../ui/side-by-side.tsx')).SideBySide }));

const ways = [
  { value: 'inline', label: 'Inline' },
  { value: 'beside', label: 'Side by side' },
] as const;

/** Two texts and what differs, inline or side by side, as this person likes it. */
export function Difference({
  before,
  after,
  names,
  same = 'Only the end of the last line differs.',
  choice = true,
}: {
  readonly before: string;
  readonly after: string;
  /** What each text is. */
  readonly names: readonly [before: string, after: string];
  /** What to say when no line differs. */
  readonly same?: string;
  /** Whether the switch is shown here; false where one above stands for many. */
  readonly choice?: boolean;
}) {
  const [way] = usePreference('diffWay');
  return (
    <div className="difference">
      {choice && <DifferenceWay />}
      {way === 'inline' ? (
        <DiffLines before={before} after={after} same={same} />
      ) : (
        <Suspense fallback={<WaitNote what="Comparing…" />}>
          <SideBySide before={before} after={after} names={names} />
        </Suspense>
      )}
    </div>
  );
}

/** How differences are shown from now on, everywhere. */
export function DifferenceWay() {
  const [way, setWay] = usePreference('diffWay');
  return <Segments label="How both texts are shown" value={way} options={ways} onChange={setWay} />;
}
