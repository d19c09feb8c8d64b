import { some } from '../../words/amounts.ts';

/** Hosts that are left out, those of one reason together. */
export function LeftOutList({
  leftOut,
}: {
  readonly leftOut: readonly { readonly host: string; readonly why: string }[];
}) {
  const reasons = new Map<string, string[]>();
  for (const { host, why } of leftOut) reasons.set(why, [...(reasons.get(why) ?? []), host]);
  if (reasons.size === 0) return null;
  return (
    <ul aria-label="Left out" className="left-out">
      {[...reasons].map(([why, its]) => (
        <li key={why}>
          <b>{some(its, 4)}</b> {its.length === 1 ? 'stays' : 'stay'} out: {why}
        </li>
      ))}
    </ul>
  );
}
