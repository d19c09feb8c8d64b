import { useState } from 'react';
import { driftSigns, forWhom, isDrifted, whatItIs, whyDrifted } from '../../parts/drift-words.ts';
import { HostDriftDetail } from '../../parts/host-drift.tsx';
import { CorrectHosts } from '../../parts/correct-hosts.tsx';
import { LastSeen, LiveValues } from '../../parts/seen.tsx';
import { Ago } from '../../parts/since.tsx';
import { useOperate, useRecords, useSection } from '../../state/hooks.ts';
import { printRoute } from '../../state/routes.ts';
import { Button } from '../../ui/button.tsx';
import { SignWord } from '../../ui/sign-mark.tsx';
import { count } from '../../words/amounts.ts';
import { changesOf, documentsOf } from './host-config.ts';
import { HostLayersPart } from './host-layers.tsx';
import './config-tab.css';

const changesShown = 50;

/** What a host is to be by its documents, its changes and its first boot, how it stands to that, and what was done to it. */
export function ConfigTab({ cluster, host }: { readonly cluster: string; readonly host: string }) {
  const operate = useOperate();
  const documents = documentsOf(useRecords('document'), host);
  const changes = changesOf(useRecords('change'), host);
  const [open, setOpen] = useState<string | null>(null);
  const [correcting, setCorrecting] = useState<string[] | null>(null);
  // None were read, which is not to say that there are none.
  const unread = useSection('cluster', '', 'documents')?.problem != null && documents.length === 0;
  const drifted = documents.filter(({ drift }) => isDrifted(drift)).map(({ name }) => name);
  return (
    <div className="page host-config">
      <section aria-label="Documents for this host">
        <div className="host-config-head">
          <h2>{unread ? 'Documents' : count(documents.length, 'document')} for this host</h2>
          {documents.length > 0 && <LastSeen host={host} />}
          {operate && drifted.length > 1 && correcting === null && (
            <Button kind="primary" onClick={() => setCorrecting(drifted)}>
              Correct all {drifted.length} that differ
            </Button>
          )}
        </div>
        {documents.length === 0 && (
          <p className="faint">
            {unread ? 'The documents cannot be read now.' : 'No document fits this host.'}{' '}
            <a href={printRoute({ view: 'config', cluster, tab: 'documents', document: null })}>See the documents</a>
          </p>
        )}
        {correcting && (
          <CorrectHosts cluster={cluster} names={correcting} hosts={[host]} onLeave={() => setCorrecting(null)} />
        )}
        {documents.length > 0 && (
          <LiveValues host={host}>
            <ul className="host-config-list">
              {documents.map(({ name, about, drift }) => {
                const isOpen = open === name;
                const word = isOpen ? 'Hide' : isDrifted(drift) ? 'Show what differs' : 'Show';
                return (
                  <li key={name}>
                    <div className="host-config-line">
                      <SignWord sign={driftSigns[drift.state]} />
                      <a href={printRoute({ view: 'config', cluster, tab: 'documents', document: name })}>{name}</a>
                      <span className="host-config-what cut" title={whyDrifted(drift) || forWhom(about.targets)}>
                        {whyDrifted(drift) || whatItIs(about)}
                      </span>
                      <span className="faint">{drift.readAt === null ? 'never read' : <Ago at={drift.readAt} />}</span>
                      <Button
                        kind="quiet"
                        aria-expanded={isOpen}
                        aria-label={`${word}: how it stands to ${name}`}
                        onClick={() => setOpen(isOpen ? null : name)}
                      >
                        {word}
                      </Button>
                    </div>
                    {isOpen && (
                      <div className="host-config-detail">
                        <HostDriftDetail
                          key={drift.state}
                          cluster={cluster}
                          name={name}
                          drift={drift}
                          password={null}
                        />
                      </div>
                    )}
                  </li>
                );
              })}
            </ul>
          </LiveValues>
        )}
      </section>
      <HostLayersPart
        cluster={cluster}
        host={host}
        drift={documents.map(({ name, about, drift: { state } }) => `${name} ${about.last.revision} ${state}`)}
      />
      <section aria-label="Changes applied to this host">
        <h2>{count(changes.length, 'change')} on this host</h2>
        {changes.length > 0 && (
          <ul className="host-config-list">
            {changes.slice(0, changesShown).map(({ id, title, by, at, state }) => (
              <li key={id} className="host-config-line">
                <span className="host-config-state">{state}</span>
                <a className="cut" href={printRoute({ view: 'changes', cluster, change: id })}>
                  {title}
                </a>
                <span className="host-config-what">{by}</span>
                <span className="faint">
                  <Ago at={at} />
                </span>
              </li>
            ))}
          </ul>
        )}
      </section>
    </div>
  );
}
