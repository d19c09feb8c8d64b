import type { HostUpdate } from '#shared/contract/update.ts';
import { LastSeen } from '../../parts/seen.tsx';
import { Ago } from '../../parts/since.tsx';
import { useSection } from '../../state/hooks.ts';
import { FactsList } from '../../ui/facts-list.tsx';
import { Meter } from '../../ui/meter.tsx';
import { EmptyNote, ProblemNote } from '../../ui/notes.tsx';
import { SignWord } from '../../ui/sign-mark.tsx';
import { percent } from '../../words/amounts.ts';
import { agentSigns, updateSigns } from '../../words/states.ts';
import { KubernetesCard } from './kubernetes-card.tsx';
import { RestartsCard } from './restarts-card.tsx';
import { ServerCard, useServerHost } from './server-card.tsx';
import { UpdateActs } from './update-acts.tsx';
import { PendingCard, SlotsCard } from './update-parts.tsx';
import { WhyNotCard } from './why-not-card.tsx';

const agentWords: Record<HostUpdate['agent'], string> = {
  'update-engine': 'update_engine',
  'rpm-ostree': 'rpm-ostree with Zincati',
  bootc: 'bootc',
  apt: 'apt with unattended-upgrades',
  dnf: 'dnf with dnf-automatic',
  none: 'none',
};
const howWords: Record<HostUpdate['how'], string> = {
  bus: 'told by the agent over D-Bus',
  client: 'asked of the agent’s command',
  files: 'read from files and units',
};

/** How a host is updated: by whom, to what, how far that is, what holds it, and what it would boot next. */
export function UpdatesTab({ cluster, host }: { readonly cluster: string; readonly host: string }) {
  const update = useSection('host', host, 'update');
  const { seen, problem: unseen } = useServerHost(host);
  if (!update) {
    return (
      <div className="host-body" tabIndex={0}>
        <EmptyNote title={`The update agent of ${host} has not been read yet`}>
          <p>
            It is read shortly after the connection comes up, every few minutes, and when the agent tells of a change.
          </p>
        </EmptyNote>
        <WhyNotCard cluster={cluster} host={host} atServer={seen} />
        <RestartsCard cluster={cluster} host={host} />
      </div>
    );
  }
  if (update.agent === 'none' && !update.problem) {
    return (
      <div className="host-body" tabIndex={0}>
        <EmptyNote title={`No update agent was found on ${host}`}>
          <p>
            update_engine, rpm-ostree, bootc, apt and dnf are understood. It runs{' '}
            {update.running || 'an unknown version'}. Looked for <Ago at={update.readAt} />.
          </p>
        </EmptyNote>
        <WhyNotCard cluster={cluster} host={host} atServer={seen} />
        <RestartsCard cluster={cluster} host={host} />
      </div>
    );
  }
  return (
    <div className="host-body" tabIndex={0}>
      <p className="host-range faint">
        <span>
          Read <Ago at={update.readAt} />
          {update.problem ? '' : `, ${howWords[update.how]}`}
        </span>
        <LastSeen host={host} />
      </p>
      {update.problem && (
        <ProblemNote problem={update.problem}>
          <p>What is shown below is the last that is known.</p>
        </ProblemNote>
      )}
      <WhyNotCard cluster={cluster} host={host} atServer={seen} />
      <UpdateActs key={host} host={host} update={update} />
      <RestartsCard cluster={cluster} host={host} />
      <div className="facts-columns">
        <PhaseCard update={update} />
        <PolicyCard update={update} />
        <SlotsCard update={update} />
        <PendingCard update={update} />
        <ServerCard cluster={cluster} seen={seen} problem={unseen} />
        <KubernetesCard host={host} />
        <MoreCard update={update} />
      </div>
    </div>
  );
}

function PhaseCard({ update }: { readonly update: HostUpdate }) {
  const { phase, phaseText, progress, offered, heldBy } = update;
  return (
    <section className="card" aria-label="Update">
      <h2>Update</h2>
      <p className="update-phase">
        <SignWord sign={updateSigns[phase]} />
        {progress !== null && (
          <span className="disk-meter">
            <Meter part={progress} />
            {percent(progress)}
          </span>
        )}
      </p>
      {phaseText && <p className="update-sentence">{phaseText}</p>}
      <FactsList
        facts={
          [
            ['Running', update.running],
            ['Offered', offered ?? (update.pending === null ? 'nothing' : '')],
            ['Reboot', rebootWords(update)],
            [
              'Next boot',
              (update.offline ? [update.offline] : []).map(({ link, to }) => (
                <p key={link}>
                  installs an update <span className="faint mono">({`${link} → ${to}`})</span>
                </p>
              )),
            ],
            ['Last check', update.lastCheckAt === null ? 'not known' : <Ago key="check" at={update.lastCheckAt} />],
            [
              'Held by',
              heldBy.map(({ by, text }) => (
                <p key={by + text}>
                  {text} <span className="faint">({by})</span>
                </p>
              )),
            ],
          ].filter(([, value]) => !Array.isArray(value) || value.length > 0) as [string, React.ReactNode][]
        }
      />
    </section>
  );
}

function rebootWords({ rebootNeeded, rebootBecause = [] }: HostUpdate): React.ReactNode {
  if (!rebootNeeded) return 'not needed';
  return rebootBecause.length === 0 ? (
    'needed'
  ) : (
    <>
      needed <span className="faint">for {rebootBecause.join(', ')}</span>
    </>
  );
}

function PolicyCard({ update }: { readonly update: HostUpdate }) {
  const { channel, channelSource, server, strategy, windows } = update;
  return (
    <section className="card" aria-label="Agent and policy">
      <h2>Agent and policy</h2>
      <FactsList
        facts={[
          ['Agent', agentWords[update.agent]],
          ['State', <SignWord key="state" sign={agentSigns[update.agentState]} />],
          ['Channel', channel && <Sourced key="channel" value={channel} source={channelSource || 'the default'} />],
          ['Server', server ?? ''],
          ['Reboots', <Sourced key="strategy" value={strategy.text} source={strategy.source || 'the default'} />],
          ['Strategy', strategy.name],
          ...windows.map(({ text, timeZone }, at): [string, React.ReactNode] => [
            windows.length === 1 ? 'Window' : `Window ${at + 1}`,
            `${text} (${timeZone})`,
          ]),
        ]}
      />
    </section>
  );
}

function MoreCard({ update }: { readonly update: HostUpdate }) {
  if (update.facts.length === 0) return null;
  return (
    <section className="card" aria-label="More of this agent">
      <h2>More of this agent</h2>
      <FactsList
        facts={update.facts.map(({ name, value, source }) => [
          name,
          <Sourced key={name} value={value} source={source} />,
        ])}
      />
    </section>
  );
}

function Sourced({ value, source }: { readonly value: string; readonly source: string }) {
  return (
    <>
      {value} {source && <span className="faint">({source})</span>}
    </>
  );
}
