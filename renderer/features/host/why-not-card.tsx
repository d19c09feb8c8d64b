import type { ServerHost } from '#shared/contract/update-server.ts';
import type { Condition, ConditionName, ConditionState, NextStep } from '#shared/lib/update/condition.ts';
import type { WhyNot } from '#shared/lib/update/why-not.ts';
import { Ago } from '../../parts/since.tsx';
import { printRoute } from '../../state/routes.ts';
import { SignWord } from '../../ui/sign-mark.tsx';
import type { Sign } from '../../words/states.ts';
import { useWhyNot } from './use-why-not.ts';
import './why-not.css';

const names: Record<ConditionName, string> = {
  reachable: 'Reachable',
  agent: 'Agent',
  server: 'Server',
  channel: 'Channel',
  offered: 'Offered',
  held: 'Held version',
  policy: 'Policy',
  window: 'Window',
  lock: 'Lock',
  kubernetes: 'Kubernetes',
  quorum: 'Quorum',
  person: 'People',
  gate: 'Roll-out',
  disk: 'Disk space',
};
const signs: Record<ConditionState, Sign> = {
  ok: { tone: 'good', shape: 'disc', word: 'ok' },
  stops: { tone: 'attention', shape: 'pause', word: 'stops it' },
  unknown: { tone: 'unknown', shape: 'question', word: 'not known' },
  'does-not-apply': { tone: 'unknown', shape: 'ring', word: 'does not apply' },
};
const answers: Record<WhyNot['kind'], Sign> = {
  'up-to-date': { tone: 'good', shape: 'disc', word: 'up to date' },
  held: { tone: 'attention', shape: 'pause', word: 'held' },
  'under-way': { tone: 'moving', shape: 'arrow', word: 'under way' },
  free: { tone: 'moving', shape: 'ring', word: 'nothing stops it' },
  unknown: { tone: 'unknown', shape: 'question', word: 'not known' },
};

/** Why a host is not updated: the answer, and every condition with its evidence; the first that stops it stands out. */
export function WhyNotCard({
  cluster,
  host,
  atServer,
}: {
  readonly cluster: string;
  readonly host: string;
  readonly atServer: ServerHost | null;
}) {
  const why = useWhyNot(host, atServer);
  return (
    <section className="card why-not" aria-label={`Why is ${host} not updating?`}>
      <h2>{why.kind === 'up-to-date' ? 'Is it up to date?' : `Why is ${host} not updating?`}</h2>
      <p className="why-answer" data-testid="why-answer">
        <SignWord sign={answers[why.kind]} />
        <span>{why.text}</span>
      </p>
      <table className="plain-table">
        <caption className="unseen">What must hold for {host} to be updated, in order</caption>
        <tbody>
          {why.conditions.map((condition) => (
            <ConditionRow
              key={condition.name}
              cluster={cluster}
              host={host}
              condition={condition}
              isFirst={condition.name === why.first}
            />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function ConditionRow({
  cluster,
  host,
  condition,
  isFirst,
}: {
  readonly cluster: string;
  readonly host: string;
  readonly condition: Condition;
  readonly isFirst: boolean;
}) {
  const { name, state, text, source, readAt, next } = condition;
  const address = next && state !== 'ok' && state !== 'does-not-apply' ? stepAddress(cluster, host, next) : null;
  return (
    <tr className={`why-${state}`} aria-current={isFirst ? 'true' : undefined}>
      <th scope="row">{names[name]}</th>
      <td>
        <SignWord sign={signs[state]} />
      </td>
      <td className="why-text">
        {text}
        {source && (
          <span className="faint">
            {' · '}
            {source}
            {readAt !== null && (
              <>
                , <Ago at={readAt} />
              </>
            )}
          </span>
        )}
      </td>
      <td className="end">{address !== null && <a href={address}>{next?.label}</a>}</td>
    </tr>
  );
}

/** Where a next step leads; null where it is on this page already. */
function stepAddress(cluster: string, host: string, step: NextStep): string | null {
  switch (step.leads) {
    case 'host':
      if (step.tab === 'updates') return null;
      return printRoute({ view: 'host', cluster, host, tab: step.tab, unit: step.unit ?? null });
    case 'locks':
      return printRoute({ view: 'etcd', cluster });
    case 'update-server':
      return printRoute({ view: 'update-server', cluster, of: { app: step.app, group: step.group } });
    case 'change':
      return printRoute({ view: 'changes', cluster, change: step.id });
    case 'file':
      return printRoute({ view: 'config', cluster, tab: 'compare', path: step.path, filter: `name:${host}` });
    case 'policy':
      return printRoute({ view: 'updates', cluster, group: step.group, part: 'policy' });
    default:
      return step satisfies never;
  }
}
