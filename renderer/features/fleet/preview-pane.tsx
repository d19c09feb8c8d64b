import { ExternalLink, MoreHorizontal, X } from 'lucide-react';
import { evidenceAddress } from '../../parts/evidence.ts';
import { HealthReasons, HealthWord } from '../../parts/health.tsx';
import { useHostActions } from '../../parts/host-actions.ts';
import { LoadFigures } from '../../parts/load-figures.tsx';
import { LastSeen, LiveValues } from '../../parts/seen.tsx';
import { SinceWhen } from '../../parts/since.tsx';
import { labelsText } from '../../state/fleet-columns.ts';
import { useSection } from '../../state/hooks.ts';
import { useLookAt } from '../../state/looking.ts';
import { printRoute } from '../../state/routes.ts';
import { IconButton } from '../../ui/button.tsx';
import { FactsList } from '../../ui/facts-list.tsx';
import { MenuButton } from '../../ui/menu.tsx';
import { SignWord } from '../../ui/sign-mark.tsx';
import { count } from '../../words/amounts.ts';
import { linkSigns } from '../../words/states.ts';
import { span } from '../../words/times.ts';
import './preview-pane.css';

/** One host beside the list: how it is and why, without leaving the list. */
export function PreviewPane({
  cluster,
  host,
  onClose,
}: {
  readonly cluster: string;
  readonly host: string;
  readonly onClose: () => void;
}) {
  const health = useSection('host', host, 'health');
  const link = useSection('host', host, 'link');
  const actions = useHostActions();
  useLookAt(host);
  const reasons = health?.reasons ?? [];
  return (
    <section className="preview" aria-label={`Preview of ${host}`}>
      <header className="preview-head">
        <h2 className="cut">{host}</h2>
        <MenuButton name={`Actions of ${host}`} className="icon-button" lines={actions([host])}>
          <MoreHorizontal size={16} />
        </MenuButton>
        <a
          className="icon-button"
          href={printRoute({ view: 'host', cluster, host, tab: 'overview', unit: null })}
          aria-label={`Open ${host}`}
          title={`Open ${host} (Enter)`}
        >
          <ExternalLink size={15} />
        </a>
        <IconButton name="Close the preview (Esc)" onClick={onClose}>
          <X size={16} />
        </IconButton>
      </header>
      <div className="preview-body">
        <p className="preview-state">
          <HealthWord host={host} />
          {link && link.state !== 'up' && <SignWord sign={linkSigns[link.state]} />}
          <LastSeen host={host} />
        </p>
        {reasons.length > 0 ? (
          <HealthReasons reasons={reasons} evidence={(reason) => evidenceAddress(cluster, host, reason)} />
        ) : (
          <p className="faint">{link?.reason || 'Nothing needs attention.'}</p>
        )}
        {link?.missed && <p className="preview-missed">{link.missed}</p>}
        <h3>Now</h3>
        <LiveValues host={host}>
          <LoadFigures host={host} />
        </LiveValues>
        <h3>Host</h3>
        <LiveValues host={host}>
          <PreviewFacts host={host} />
        </LiveValues>
      </div>
    </section>
  );
}

function PreviewFacts({ host }: { readonly host: string }) {
  const identity = useSection('host', host, 'identity');
  const facts = useSection('host', host, 'facts');
  const units = useSection('host', host, 'units');
  const load = useSection('host', host, 'load');
  const maintenance = useSection('host', host, 'maintenance');
  return (
    <FactsList
      facts={[
        ['Address', identity && `${identity.user}@${identity.address}:${identity.port}`],
        ['Labels', identity && labelsText({ identity })],
        ['OS', facts?.os.pretty],
        ['Channel', facts?.channel ?? null],
        ['Kernel', facts && `${facts.kernel} · ${facts.architecture}`],
        ['Uptime', load && span(load.uptimeS * 1000)],
        ['Units', units && `${count(units.total, 'unit')}, ${units.active} active, ${units.failed.length} failed`],
        [
          'Down on purpose',
          maintenance && (
            <>
              {maintenance.reason} ({maintenance.by}), until <SinceWhen at={maintenance.until} />
            </>
          ),
        ],
      ]}
    />
  );
}
