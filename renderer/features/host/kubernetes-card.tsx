import type { HostKubernetes } from '#shared/contract/kubernetes.ts';
import { Ago } from '../../parts/since.tsx';
import { useSection } from '../../state/hooks.ts';
import { FactsList } from '../../ui/facts-list.tsx';
import { ProblemNote } from '../../ui/notes.tsx';

/** What the reboot coordinators of Kubernetes marked on the host's node; nothing where it is none. */
export function KubernetesCard({ host }: { readonly host: string }) {
  const marks = useSection('host', host, 'kubernetes');
  if (!marks) return null;
  const { node, config, unschedulable, kured, fluo, problem, readAt } = marks;
  return (
    <section className="card" aria-label="Kubernetes">
      <h2>Kubernetes</h2>
      {problem && <ProblemNote problem={problem} />}
      <FactsList
        facts={
          [
            ['Node', node],
            ['Schedulable', node && (unschedulable ? 'no, it is cordoned' : 'yes')],
            ...kuredFacts(kured),
            ...fluoFacts(fluo),
            ['Marks', !kured && !fluo && !problem ? 'none of kured or the Flatcar operator' : ''],
            ['Read with', config || 'kubectl’s own configuration'],
            ['Read', <Ago key="read" at={readAt} />],
          ].filter(([, value]) => value !== '') as [string, React.ReactNode][]
        }
      />
    </section>
  );
}

type Facts = [string, React.ReactNode][];

function kuredFacts(kured: HostKubernetes['kured']): Facts {
  if (!kured) return [];
  const { lock, inProgress, rebootNeeded } = kured;
  const owners = lock?.owners ?? [];
  const held = owners.map(({ node, since }) => (
    <p key={node}>
      {node}
      {since !== null && (
        <span className="faint">
          {' '}
          since <Ago at={since} />
        </span>
      )}
    </p>
  ));
  return [
    ['kured’s lock', lock === null ? 'not readable' : held.length === 0 ? `free, ${lock.max} at once` : held],
    ['kured: reboot needed', rebootNeeded ?? ''],
    ['kured: in progress', inProgress ?? ''],
  ];
}

function fluoFacts(fluo: HostKubernetes['fluo']): Facts {
  if (!fluo) return [];
  const yes = (value: boolean) => (value ? 'yes' : 'no');
  return [
    ['Operator: reboot needed', yes(fluo.rebootNeeded)],
    ['Operator: reboot allowed', yes(fluo.rebootOk)],
    ['Operator: in progress', yes(fluo.inProgress)],
    ['Operator: paused', fluo.paused ? 'yes, by a person' : ''],
    ['Operator: cordoned it', fluo.madeUnschedulable ? 'yes' : ''],
    ['Agent says', [fluo.status, fluo.newVersion].filter(Boolean).join(', ')],
    ['Agent last checked', fluo.lastCheckedAt === null ? '' : <Ago key="checked" at={fluo.lastCheckedAt} />],
  ];
}
