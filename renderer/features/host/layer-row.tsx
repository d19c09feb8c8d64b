import { useState } from 'react';
import type { LayeredPart, LayerSource } from '#shared/contract/document.ts';
import { RestoreFiles } from '../../parts/correct-hosts.tsx';
import { Ago } from '../../parts/since.tsx';
import { useQuery } from '../../state/calls.ts';
import { useOperate } from '../../state/hooks.ts';
import { printRoute } from '../../state/routes.ts';
import { Button } from '../../ui/button.tsx';
import { DiffLines } from '../../ui/diff-lines.tsx';
import { ProblemNote, WaitNote } from '../../ui/notes.tsx';
import { SignWord } from '../../ui/sign-mark.tsx';
import { AdoptFile } from './adopt-file.tsx';
import { isOff, layerSigns, layerWord } from './layer-words.ts';

/** One file or unit of a host: who holds for it, how it stands to that, and what can be done about it. */
export function LayerRow({
  cluster,
  host,
  part,
  password,
  onChanged,
}: {
  readonly cluster: string;
  readonly host: string;
  readonly part: LayeredPart;
  readonly password: string | null;
  readonly onChanged: () => void;
}) {
  const { what, path, says, state, how, last } = part;
  const [open, setOpen] = useState(false);
  const [holds, ...under] = says;
  const word = open ? 'Hide' : isOff(part) ? 'Show what differs' : 'Show';
  return (
    <li>
      <div className="host-config-line">
        <SignWord sign={layerSigns[state]} />
        <code className="host-config-path cut" title={what}>
          {what}
        </code>
        <span className="host-config-what cut">
          {how !== '' && <b>{how} · </b>}
          {holds && <Source cluster={cluster} source={holds} />}
          {under.length > 0 && <span className="faint"> over {under.map(layerWord).join(', ')}</span>}
        </span>
        <span className="faint">{last && <Ago at={last.at} />}</span>
        <Button
          kind="quiet"
          aria-expanded={open}
          aria-label={`${word} of ${what}`}
          disabled={path === null}
          onClick={() => setOpen(!open)}
        >
          {word}
        </Button>
      </div>
      {open && path !== null && (
        <div className="host-config-detail">
          <LayerText
            cluster={cluster}
            host={host}
            path={path}
            part={part}
            password={password}
            onLeave={() => {
              setOpen(false);
              onChanged();
            }}
          />
        </div>
      )}
    </li>
  );
}

function Source({ cluster, source }: { readonly cluster: string; readonly source: LayerSource }) {
  if (source.kind === 'document')
    return (
      <a href={printRoute({ view: 'config', cluster, tab: 'documents', document: source.name })}>
        document {source.name}
      </a>
    );
  if (source.kind === 'change')
    return <a href={printRoute({ view: 'changes', cluster, change: source.change.id })}>{source.change.title}</a>;
  return <span title={source.from}>first boot</span>;
}

function LayerText({
  cluster,
  host,
  path,
  part,
  password,
  onLeave,
}: {
  readonly cluster: string;
  readonly host: string;
  readonly path: string;
  readonly part: LayeredPart;
  readonly password: string | null;
  readonly onLeave: () => void;
}) {
  const operate = useOperate();
  const { output, problem, waiting } = useQuery('host.layer', { host, path, password });
  const [doing, setDoing] = useState<'nothing' | 'restore' | 'adopt'>('nothing');
  const [holds] = part.says;
  const byDocument = holds?.kind === 'document' ? holds.name : null;
  const whose = holds?.kind === 'change' ? 'the change wrote' : 'the first boot wrote';
  return (
    <div className="drift-files">
      {part.last ? (
        <p className="drift-legend">
          Last written by <a href={printRoute({ view: 'changes', cluster, change: part.last.id })}>{part.last.title}</a>
          , by {part.last.by}, <Ago at={part.last.at} />
          {isOff(part) && '; what differs from that was done by hand, or by another tool.'}
        </p>
      ) : (
        isOff(part) && <p className="drift-legend">No change in the journal wrote it: it was changed by hand.</p>
      )}
      {isOff(part) && byDocument !== null && (
        <p>
          The document <b>{byDocument}</b> tells of it: correct or adopt it there, in the list above.
        </p>
      )}
      {operate && isOff(part) && byDocument === null && doing === 'nothing' && (
        <div className="drift-do">
          <Button kind="primary" onClick={() => setDoing('restore')}>
            Restore what {whose}
          </Button>
          {part.state === 'differs' && output?.found !== null && (
            <Button onClick={() => setDoing('adopt')}>Adopt it into a document</Button>
          )}
        </div>
      )}
      {doing === 'restore' && (
        <RestoreFiles
          cluster={cluster}
          host={host}
          paths={[path]}
          password={password}
          onLeave={() => setDoing('nothing')}
        />
      )}
      {doing === 'adopt' && (
        <AdoptFile
          host={host}
          path={path}
          password={password}
          onLeave={() => setDoing('nothing')}
          onAdopted={onLeave}
        />
      )}
      {problem && <ProblemNote problem={problem} />}
      {!output && waiting && <WaitNote what={`Reading ${path}…`} />}
      {output && doing !== 'adopt' && (
        <>
          {output.note !== '' && !(output.note === part.how && output.wished !== output.found) && (
            <p className="faint">{output.note}</p>
          )}
          {output.wished !== null && output.found !== null && output.wished !== output.found && (
            <>
              <p className="drift-legend">
                − what {byDocument === null ? whose : 'the document says'} &nbsp; + what {host} has
              </p>
              <DiffLines before={output.wished} after={output.found} same="Only the end of the last line differs." />
            </>
          )}
          {output.wished !== null && output.found === output.wished && output.note === '' && (
            <p className="faint">It is as it was told to be.</p>
          )}
        </>
      )}
    </div>
  );
}
