import type { LinkState } from '#shared/contract/host.ts';
import { useLinkCounts } from '../state/counts.ts';
import { plainFleet, printRoute } from '../state/routes.ts';
import { SignMark } from '../ui/sign-mark.tsx';
import { linkBySeverity, linkSigns } from '../words/states.ts';

/** How the connections are, at the foot of the rail: each state there is with its count; a press shows those hosts. */
export function RailLinks({ cluster }: { readonly cluster: string }) {
  const counts = useLinkCounts();
  const states = linkBySeverity.filter((state) => (counts[state] ?? 0) > 0);
  const [worst] = states;
  if (worst === undefined) return null;
  const href = (filter: string) => printRoute({ view: 'fleet', cluster, query: { ...plainFleet, filter } });
  const told = states.map((state) => `${counts[state] ?? 0} ${linkSigns[state].word}`).join(', ');
  const number = (some: readonly LinkState[]) =>
    some.reduce((sum, state) => sum + (counts[state] ?? 0), 0).toLocaleString('en');
  const others = states.filter((state) => state !== 'up');
  return (
    <section aria-label="Connections">
      <h2 className="rail-title rail-wide">Connections</h2>
      <ul className="rail-links rail-wide">
        {states.map((state) => (
          <li key={state}>
            <a href={href(`link:${state}`)} title={`Show the hosts whose connection is ${linkSigns[state].word}`}>
              <SignMark tone={linkSigns[state].tone} shape={linkSigns[state].shape} />
              <span className="cut">{linkSigns[state].word}</span>
              <span className="rail-number">{number([state])}</span>
            </a>
          </li>
        ))}
      </ul>
      <a
        className="rail-links-folded"
        href={href(others.length > 0 ? '-link:up' : 'link:up')}
        title={`Connections: ${told}`}
        aria-label={`Connections: ${told}`}
      >
        <SignMark tone={linkSigns[worst].tone} shape={linkSigns[worst].shape} />
        {number(others.length > 0 ? others : states)}
      </a>
    </section>
  );
}
