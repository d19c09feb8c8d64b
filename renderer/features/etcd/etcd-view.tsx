import type { EtcdCluster, EtcdMember } from '#shared/contract/etcd.ts';
import { quorumSum } from '#shared/lib/reboot/quorum.ts';
import { Ago, For } from '../../parts/since.tsx';
import { useSection } from '../../state/hooks.ts';
import { printRoute } from '../../state/routes.ts';
import { FactsList } from '../../ui/facts-list.tsx';
import { EmptyNote, WaitNote } from '../../ui/notes.tsx';
import { SignWord } from '../../ui/sign-mark.tsx';
import { bytes, count } from '../../words/amounts.ts';
import { etcdSigns, memberSigns } from '../../words/states.ts';
import { RebootLocksPart } from './reboot-locks.tsx';
import './etcd.css';

/** The fleet's etcd: how it is as a whole, and each member as seen through its own endpoint. */
export function EtcdView({ cluster }: { readonly cluster: string }) {
  const etcd = useSection('cluster', '', 'etcd');
  if (!etcd) return <WaitNote what="Waiting for word of etcd…" />;
  if (etcd.state === 'none') {
    return (
      <EmptyNote title="This cluster file names no etcd">
        <p>
          Add <code>etcd: &#123;endpoints: [https://10.0.0.11:2379]&#125;</code> to its file under{' '}
          <a href={printRoute({ view: 'settings', cluster, tab: 'file' })}>Settings</a> to see its members here.
        </p>
      </EmptyNote>
    );
  }
  return (
    <div className="page etcd-page">
      <EtcdHead etcd={etcd} />
      <section className="card" aria-label="Members">
        <MembersTable cluster={cluster} etcd={etcd} />
      </section>
      <RebootLocksPart cluster={cluster} />
    </div>
  );
}

function EtcdHead({ etcd }: { readonly etcd: EtcdCluster }) {
  const leader = etcd.members.find(({ id }) => id === etcd.leaderId);
  const names = new Map(etcd.members.map((member) => [member.id, member.name || member.id]));
  return (
    <section className="etcd-head" aria-label="etcd cluster">
      <div className="etcd-title">
        <h1>etcd</h1>
        <SignWord sign={etcdSigns[etcd.state]} />
        <span className="faint">
          for <For since={etcd.since} />
        </span>
      </div>
      {etcd.reason && <p>{etcd.reason}</p>}
      {etcd.alarms.map(({ memberId, alarm }) => (
        <p key={`${memberId} ${alarm}`} className="etcd-alarm" role="alert">
          Alarm <b>{alarm}</b> on {names.get(memberId) ?? memberId}
        </p>
      ))}
      <FactsList
        facts={[
          ['Leader', leader ? leader.name || leader.id : etcd.leaderId || 'none known'],
          ['Members', `${etcd.members.filter(({ state }) => state === 'up').length} of ${etcd.members.length} up`],
          ['Reboots', etcd.members.length > 0 && rebootSum(etcd)],
          ['Revision', etcd.revision > 0 && etcd.revision.toLocaleString('en')],
          ['Cluster id', etcd.clusterId && <code key="id">{etcd.clusterId}</code>],
          ['Read', etcd.readAt !== null && <Ago key="read" at={etcd.readAt} />],
        ]}
      />
    </section>
  );
}

/** Whether a member may go, with the sum. */
function rebootSum({ members }: EtcdCluster): string {
  const voters = members.map(({ name, id, learner, state }) => ({
    name: name || id,
    votes: !learner,
    healthy: state === 'up',
  }));
  return quorumSum(voters).text;
}

function MembersTable({ cluster, etcd }: { readonly cluster: string; readonly etcd: EtcdCluster }) {
  return (
    <table className="plain-table">
      <caption className="unseen">Members of etcd</caption>
      <thead>
        <tr>
          <th>Member</th>
          <th>State</th>
          <th>Host</th>
          <th>Version</th>
          <th className="end">Database</th>
          <th className="end">In use</th>
          <th className="end">Raft lag</th>
          <th className="end">Term</th>
          <th className="end">Latency</th>
          <th className="end">Read</th>
        </tr>
      </thead>
      <tbody>
        {etcd.members.map((member) => (
          <MemberRow key={member.id} cluster={cluster} member={member} />
        ))}
      </tbody>
    </table>
  );
}

function MemberRow({ cluster, member }: { readonly cluster: string; readonly member: EtcdMember }) {
  const { host, readAt } = member;
  const known = member.state === 'up';
  return (
    <tr className={known ? undefined : 'etcd-old'}>
      <td>
        <b>{member.name || member.id}</b>
        {member.leader && <span className="etcd-role etcd-leader">leader</span>}
        {member.learner && <span className="etcd-role">learner</span>}
        <div className="faint mono">{member.clientUrls.join(' ')}</div>
      </td>
      <td>
        <SignWord sign={memberSigns[member.state]} />
        <span className="faint">
          {' '}
          for <For since={member.since} />
        </span>
        {member.reason && <div>{member.reason}</div>}
        {member.errors.map((error) => (
          <div key={error} className="etcd-error">
            {error}
          </div>
        ))}
      </td>
      <td>
        {host === null ? (
          <span className="faint">not in the inventory</span>
        ) : (
          <a href={printRoute({ view: 'host', cluster, host, tab: 'overview', unit: null })}>{host}</a>
        )}
      </td>
      <td>{member.version}</td>
      <td className="end">{member.dbBytes > 0 ? bytes(member.dbBytes) : '–'}</td>
      <td className="end">{member.dbUsedBytes > 0 ? bytes(member.dbUsedBytes) : '–'}</td>
      <td className="end">{readAt === null ? '–' : count(member.raftLag, 'entry', 'entries')}</td>
      <td className="end">{member.raftTerm || '–'}</td>
      <td className="end">{member.latencyMs === null ? '–' : `${member.latencyMs.toFixed(1)} ms`}</td>
      <td className="end">{readAt === null ? 'never' : <Ago at={readAt} />}</td>
    </tr>
  );
}
