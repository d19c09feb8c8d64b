import type { HostLink } from '#shared/contract/host.ts';
import { isConnected } from '#shared/lib/is-connected.ts';
import { Ago, Ahead, For, SinceWhen } from '../../parts/since.tsx';
import { LastSeen, LiveValues } from '../../parts/seen.tsx';
import { useDo } from '../../state/calls.ts';
import { useConsole } from '../../state/console.ts';
import { useSection } from '../../state/hooks.ts';
import { Button } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { FactsList } from '../../ui/facts-list.tsx';
import { ProblemNote, WaitNote } from '../../ui/notes.tsx';
import { SignWord } from '../../ui/sign-mark.tsx';
import { linkSigns } from '../../words/states.ts';

const samplerWords: Record<HostLink['sampler'], string> = {
  awk: 'one resident awk reading /proc',
  sh: 'one resident POSIX shell reading /proc',
  none: 'not read',
};
const unitsWords: Record<HostLink['units'], string> = {
  dbus: 'pushed by systemd over D-Bus',
  systemctl: 'polled with systemctl',
  none: 'not followed',
};

/** How a host is reached: the connection's state in words, what it is made of, and ways to try again or leave it. */
export function ConnectionTab({ host }: { readonly host: string }) {
  const link = useSection('host', host, 'link');
  const identity = useSection('host', host, 'identity');
  if (!link || !identity) return <WaitNote what={`Waiting for word of the connection to ${host}…`} />;
  const { connection } = link;
  const isUp = isConnected(link);
  const title = isUp ? 'What it is made of' : 'The last connection';
  return (
    <div className="host-body" tabIndex={0}>
      <div className="facts-columns">
        <section className="card" aria-label="Connection">
          <h2>Connection</h2>
          <p className="host-title">
            <SignWord sign={linkSigns[link.state]} />
            <span className="faint">
              for <For since={link.since} />
            </span>
            <LastSeen host={host} />
          </p>
          {link.reason && <p>{link.reason}</p>}
          {link.missed && <p className="host-missed">{link.missed}</p>}
          {link.problem && <ProblemNote problem={link.problem} />}
          <LinkButtons host={host} link={link} />
          <FactsList
            facts={[
              ['Address', `${identity.user}@${identity.address}:${identity.port}`],
              ['Through', identity.jump.join(' → ')],
              ['Last heard', link.heardAt === null ? 'never' : <Ago key="heard" at={link.heardAt} />],
              ['Next attempt', link.retryAt !== null && <Ahead at={link.retryAt} />],
              ['Attempts', link.attempts > 1 && link.attempts],
              ['Figures', isUp ? samplerWords[link.sampler] : 'not read now'],
              [
                'Units',
                isUp ? unitsWords[link.units] + (link.unitsReason ? `: ${link.unitsReason}` : '') : 'not followed now',
              ],
            ]}
          />
        </section>
        {connection && (
          <section className="card" aria-label={title}>
            <h2>{title}</h2>
            <LiveValues host={host}>
              <FactsList
                facts={[
                  ['Connected', <SinceWhen key="since" at={connection.connectedAt} />],
                  ['Remote', connection.remote],
                  ['Via', connection.via.join(' → ')],
                  ['Signed in', `${connection.user} by ${connection.method}`],
                  [
                    'Host key',
                    <span key="key" className="fingerprint">
                      <code>
                        {connection.hostKey.type} {connection.hostKey.fingerprint}
                      </code>
                      <CopyButton text={connection.hostKey.fingerprint} name="Copy the fingerprint" />
                    </span>,
                  ],
                  ['Server', connection.serverVersion],
                  ['Cipher', connection.cipher],
                  ['Latency', connection.latencyMs !== null && `${connection.latencyMs.toFixed(1)} ms`],
                  ['Channels', connection.channels],
                ]}
              />
            </LiveValues>
          </section>
        )}
      </div>
    </div>
  );
}

function LinkButtons({ host, link }: { readonly host: string; readonly link: HostLink }) {
  const { dialogs } = useConsole();
  const connect = useDo('hosts.connect');
  const disable = useDo('hosts.disable');
  const isUp = isConnected(link) || link.state === 'connecting';
  const problem = connect.problem ?? disable.problem;
  const question =
    link.problem?.code === 'host-key' ? 'host-keys' : link.state === 'needs-authentication' ? 'prompts' : null;
  return (
    <div className="link-buttons">
      {question && (
        <Button kind="primary" onClick={() => dialogs.setState({ open: { kind: question } })}>
          {question === 'host-keys' ? 'Look at the host key' : 'Answer what it asks'}
        </Button>
      )}
      {!isUp && (
        <Button disabled={connect.busy} onClick={() => void connect.run({ hosts: [host] })}>
          Connect now
        </Button>
      )}
      {link.state !== 'disabled' && (
        <Button disabled={disable.busy} onClick={() => void disable.run({ hosts: [host] })}>
          Disable the connection
        </Button>
      )}
      {problem && <ProblemNote problem={problem} />}
    </div>
  );
}
