import type { UpdateService } from '#shared/contract/update-service.ts';
import { For } from '../../parts/since.tsx';
import { useSection } from '../../state/hooks.ts';
import { printRoute, type ServicePart, serviceParts } from '../../state/routes.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import { ProblemNote, WaitNote } from '../../ui/notes.tsx';
import { SignWord } from '../../ui/sign-mark.tsx';
import { Tabs } from '../../ui/tabs.tsx';
import { ActivityPart } from './activity-part.tsx';
import { ChannelsPart } from './channels-part.tsx';
import { GroupsPart } from './groups-part.tsx';
import { InstancesPart } from './instances-part.tsx';
import { PackagesPart } from './packages-part.tsx';
import { ServiceOff } from './service-off.tsx';
import { serviceSigns } from './service-words.ts';
import './update-service.css';

const words: Record<ServicePart, string> = {
  groups: 'Groups',
  channels: 'Channels',
  packages: 'Packages',
  instances: 'Instances',
  activity: 'Activity',
};

/** The cluster's own update server: whether it is on, what it gives to whom, and what came of it. */
export function UpdateServiceView({
  cluster,
  part,
  group,
}: {
  readonly cluster: string;
  readonly part: ServicePart;
  readonly group: string | null;
}) {
  const service = useSection('cluster', '', 'updateService');
  if (!service) return <WaitNote what="Waiting for word of the update service…" />;
  const amounts: Partial<Record<ServicePart, number>> = {
    groups: service.groups.length,
    channels: service.channels.length,
    packages: service.packages.length,
  };
  return (
    <>
      <ServiceHead cluster={cluster} service={service} />
      <Tabs
        label="Parts of the update service"
        current={part}
        tabs={serviceParts.map((id) => ({
          id,
          label: (
            <>
              {words[id]}
              {amounts[id] !== undefined && <span className="faint">{amounts[id]}</span>}
            </>
          ),
          href: printRoute({ view: 'update-service', cluster, part: id }),
        }))}
      />
      <div className="page service-page">
        {part === 'groups' && <GroupsPart cluster={cluster} service={service} />}
        {part === 'channels' && <ChannelsPart service={service} />}
        {part === 'packages' && <PackagesPart service={service} />}
        {part === 'instances' && <InstancesPart cluster={cluster} service={service} group={group} />}
        {part === 'activity' && <ActivityPart service={service} />}
      </div>
    </>
  );
}

function ServiceHead({ cluster, service }: { readonly cluster: string; readonly service: UpdateService }) {
  const { servers, problem, kind, waiting } = service;
  const isOn = servers.length > 0;
  return (
    <section className="service-head" aria-label="Update service">
      <div className="service-title">
        <h1>Update service</h1>
        <SignWord sign={isOn ? serviceSigns.on : serviceSigns.off} />
        <span className="faint">kept in {kind === 'etcd' ? 'this cluster’s etcd' : 'a file of this console'}</span>
      </div>
      {problem && <ProblemNote problem={problem} />}
      {servers.map(({ url, by, since }) => (
        <p key={`${url} ${since}`} className="service-server">
          In update.conf of its machines: <code>SERVER={url}</code>
          <CopyButton name="Copy the line for update.conf" text={`SERVER=${url}`} />
          <span className="faint">
            answered by {by} for <For since={since} />
          </span>
        </p>
      ))}
      {waiting !== null && !problem && (
        <p className="service-warning">
          This console listens at <code>{waiting}</code>, but only observes the cluster: machines are told to come back
          later. Switch it to operate in{' '}
          <a href={printRoute({ view: 'settings', cluster, tab: 'general' })}>Settings</a>.
        </p>
      )}
      {!isOn && !problem && waiting === null && <ServiceOff cluster={cluster} />}
    </section>
  );
}
