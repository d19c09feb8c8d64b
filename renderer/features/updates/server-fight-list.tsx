import type { LimiterFight } from '#shared/lib/update/limiters-fight.ts';
import type { ServerFight } from '#shared/lib/update/server-fights.ts';
import { printRoute } from '../../state/routes.ts';
import { SignWord } from '../../ui/sign-mark.tsx';
import { count } from '../../words/amounts.ts';
import type { Sign } from '../../words/states.ts';

const signs: Record<LimiterFight['kind'], Sign> = {
  stops: { tone: 'bad', shape: 'cross', word: 'stops it' },
  slows: { tone: 'attention', shape: 'pause', word: 'slows it' },
  note: { tone: 'unknown', shape: 'ring', word: 'to know' },
};

const weights: readonly LimiterFight['kind'][] = ['stops', 'slows', 'note'];

/** Where the update server's own limits meet a roll-out, said before it is begun; what stops it first. */
export function ServerFightList({
  cluster,
  found,
}: {
  readonly cluster: string;
  readonly found: readonly ServerFight[];
}) {
  return found.map(({ app, group, hosts, fights }) => (
    <section
      key={`${app} ${group.id}`}
      className="server-fights"
      aria-label={`The update server’s group ${group.name}`}
    >
      <p>
        {count(hosts, 'host')} {hosts === 1 ? 'asks' : 'ask'} the update server for its group{' '}
        <a href={printRoute({ view: 'update-server', cluster, of: { app, group: group.id } })}>{group.name}</a>, which
        has limits of its own:
      </p>
      <ul>
        {byWeight(fights).map(({ kind, text }) => (
          <li key={text}>
            <SignWord sign={signs[kind]} /> <span>{text}</span>
          </li>
        ))}
      </ul>
    </section>
  ));
}

function byWeight(fights: readonly LimiterFight[]): readonly LimiterFight[] {
  return fights.toSorted((a, b) => weights.indexOf(a.kind) - weights.indexOf(b.kind));
}
