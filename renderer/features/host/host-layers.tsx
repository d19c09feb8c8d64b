import { useEffect, useRef, useState } from 'react';
import type { HostLayers, LayeredPart } from '#shared/contract/document.ts';
import { RestoreFiles } from '../../parts/correct-hosts.tsx';
import { useQuery } from '../../state/calls.ts';
import { useOperate, useSection } from '../../state/hooks.ts';
import { Button } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';
import { ProblemNote, WaitNote } from '../../ui/notes.tsx';
import { count } from '../../words/amounts.ts';
import { FirstBootPart } from './first-boot-part.tsx';
import { LayerRow } from './layer-row.tsx';
import { isOff, layersKey, layerSum, restorable } from './layer-words.ts';

/**
 * Everything that first boot, documents and changes say of a host, each file and unit once, and how the host stands to it.
 * `drift` is how it stands to its documents, in words: the host is read again when that changes.
 */
export function HostLayersPart({
  cluster,
  host,
  drift,
}: {
  readonly cluster: string;
  readonly host: string;
  readonly drift: readonly string[];
}) {
  const applied = useSection('host', host, 'applied');
  const facts = useSection('host', host, 'facts');
  const [password, setPassword] = useState('');
  const [given, setGiven] = useState<string | null>(null);
  const { output, problem, waiting, again } = useQuery('host.layers', { host, password: given });
  const key = layersKey(applied, drift);
  const seen = useRef(key);
  useEffect(() => {
    if (seen.current === key) return;
    seen.current = key;
    again();
  }, [key, again]);
  const isClosed = output !== null && closedParts(output) > 0;
  return (
    <>
      <section aria-label="Present state">
        {problem && <ProblemNote problem={problem} />}
        {!output && waiting && <WaitNote what={`Reading ${host}…`} />}
        {output && (
          <Parts cluster={cluster} host={host} layers={output} password={given} waiting={waiting} onRead={again} />
        )}
        {facts?.elevation === 'sudo-password' && isClosed && (
          <form
            className="host-config-password"
            onSubmit={(event) => {
              event.preventDefault();
              setGiven(password);
            }}
          >
            <TextField
              label="Password for sudo"
              type="password"
              hint="Some of it only root may read. It is used for reading and forgotten with this page."
              value={password}
              onChange={(event) => setPassword(event.target.value)}
            />
            <Button type="submit" disabled={password === '' || waiting}>
              Read it as root
            </Button>
          </form>
        )}
      </section>
      {output && <FirstBootPart firstBoot={output.firstBoot} parts={output.parts} />}
    </>
  );
}

/** Files and sources that the login user may not read. */
function closedParts({ firstBoot, parts }: HostLayers): number {
  const sources = firstBoot.sources.filter(({ format, note }) => format === null && note.includes('root')).length;
  return sources + parts.filter(({ state }) => state === 'unreadable').length;
}

function Parts({
  cluster,
  host,
  layers: { parts },
  password,
  waiting,
  onRead,
}: {
  readonly cluster: string;
  readonly host: string;
  readonly layers: HostLayers;
  readonly password: string | null;
  readonly waiting: boolean;
  readonly onRead: () => void;
}) {
  const operate = useOperate();
  const [restoring, setRestoring] = useState<string[] | null>(null);
  const [all, setAll] = useState(false);
  const off = parts.filter(isOff);
  const back = restorable(parts);
  const calm = parts.filter((part) => !isOff(part));
  const row = (part: LayeredPart) => (
    <LayerRow
      key={`${part.what} ${part.state}`}
      cluster={cluster}
      host={host}
      part={part}
      password={password}
      onChanged={onRead}
    />
  );
  return (
    <>
      <div className="host-config-head">
        <h2>
          {off.length === 0
            ? 'As it was told to be'
            : `${count(off.length, 'file or unit', 'files and units')} drifted`}
        </h2>
        <span className="faint" role="status">
          {layerSum(parts)}
        </span>
        {operate && back.length > 1 && restoring === null && (
          <Button onClick={() => setRestoring(back)}>Restore all {back.length} files</Button>
        )}
        <Button kind="quiet" disabled={waiting} onClick={onRead}>
          {waiting ? 'Reading…' : 'Read again'}
        </Button>
      </div>
      <p className="faint">
        First boot, documents and changes together make its present state. Each file stands here once, with whoever
        spoke of it last: a document holds as long as it is there, a change over the first boot. All else is drift.
      </p>
      {restoring && (
        <RestoreFiles
          cluster={cluster}
          host={host}
          paths={restoring}
          password={password}
          onLeave={() => setRestoring(null)}
        />
      )}
      {parts.length === 0 && <p>Nothing says what is on this host.</p>}
      {off.length > 0 && <ul className="host-config-list">{off.map(row)}</ul>}
      {calm.length > 0 && (
        <>
          <div>
            <Button kind="quiet" aria-expanded={all} onClick={() => setAll(!all)}>
              {all ? 'Hide' : 'Show'} {off.length > 0 ? 'the other ' : ''}
              {calm.length} {calm.length === 1 ? 'file or unit' : 'files and units'}
            </Button>
          </div>
          {all && <ul className="host-config-list">{calm.map(row)}</ul>}
        </>
      )}
    </>
  );
}
