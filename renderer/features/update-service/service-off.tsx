import { CopyButton } from '../../ui/copy-button.tsx';

/** What the update service is for, and how it is turned on. */
export function ServiceOff({ cluster }: { readonly cluster: string }) {
  const command = `quarterdeck serve --update-service 127.0.0.1:8000 --update-service-cluster ${cluster}`;
  return (
    <div className="card service-off">
      <p>
        No console answers machines now. It is an update server for Flatcar and Container Linux, as Nebraska is:
        machines ask it instead of the public one, and it lets so many at a time update as the policy of their group
        says. What is set up here is kept until it is turned on.
      </p>
      <p>Turn it on where machines can reach it, such as a bastion, and leave it running:</p>
      <p className="service-command">
        <code>{command}</code>
        <CopyButton name="Copy the command" text={command} />
      </p>
      <p className="faint">
        Machines then have <code>SERVER=http://…:8000/v1/update/</code> and <code>GROUP=</code> the track of their group
        in update.conf. Beyond loopback it wants TLS, or <code>--update-service-plain-http</code> behind a proxy.
        Payloads come from where packages say, or from a folder: <code>--update-service-payloads</code>.
      </p>
    </div>
  );
}
