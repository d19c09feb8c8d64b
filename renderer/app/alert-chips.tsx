import type { HealthState } from '#shared/contract/host.ts';
import { useHealthCounts } from '../state/counts.ts';
import { useRoute, useSection } from '../state/hooks.ts';
import { clusterOf, plainFleet, printRoute } from '../state/routes.ts';
import { SignMark } from '../ui/sign-mark.tsx';
import { count } from '../words/amounts.ts';
import { etcdSigns, healthSigns } from '../words/states.ts';

/** Chips for what is wrong, in every view: hosts that fail or do not answer, and etcd. None while nothing is. */
export function AlertChips() {
  const cluster = clusterOf(useRoute());
  const counts = useHealthCounts();
  if (cluster === null) return null;
  return (
    <>
      <HostsChip cluster={cluster} state="failing" hosts={counts.failing ?? 0} />
      <HostsChip cluster={cluster} state="unreachable" hosts={counts.unreachable ?? 0} />
      <EtcdChip cluster={cluster} />
    </>
  );
}

function HostsChip({
  cluster,
  state,
  hosts,
}: {
  readonly cluster: string;
  readonly state: HealthState;
  readonly hosts: number;
}) {
  if (hosts === 0) return null;
  const { tone, shape, word } = healthSigns[state];
  return (
    <a
      className={`chip ${tone === 'bad' ? 'chip-bad' : 'chip-away'}`}
      href={printRoute({ view: 'fleet', cluster, query: { ...plainFleet, filter: `state:${state}` } })}
      title={`Show ${count(hosts, 'host')} ${word}`}
    >
      <SignMark tone={tone} shape={shape} />
      {hosts.toLocaleString('en')} {word}
    </a>
  );
}

function EtcdChip({ cluster }: { readonly cluster: string }) {
  const etcd = useSection('cluster', '', 'etcd');
  if (!etcd) return null;
  const alarms = [...new Set(etcd.alarms.map(({ alarm }) => alarm))];
  const ill = etcd.state === 'degraded' || etcd.state === 'no-quorum' || etcd.state === 'unreachable';
  if (alarms.length === 0 && !ill) return null;
  const bad = alarms.length > 0 || etcd.state === 'no-quorum';
  const { tone, shape, word } =
    alarms.length > 0
      ? ({ tone: 'bad', shape: 'cross', word: `alarm ${alarms.join(', ')}` } as const)
      : etcdSigns[etcd.state];
  return (
    <a
      className={`chip ${bad ? 'chip-bad' : 'chip-attention'}`}
      href={printRoute({ view: 'etcd', cluster })}
      title={etcd.reason || undefined}
    >
      <SignMark tone={tone} shape={shape} />
      etcd {word}
    </a>
  );
}
