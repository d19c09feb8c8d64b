import { useMemo, useState } from 'react';
import type { DriftedFile, HostDrift } from '#shared/contract/document.ts';
import { cleanLine } from '#shared/lib/clean-text.ts';
import { useQuery } from '../state/calls.ts';
import { useOperate } from '../state/hooks.ts';
import { printRoute } from '../state/routes.ts';
import { Button } from '../ui/button.tsx';
import { ProblemNote, WaitNote } from '../ui/notes.tsx';
import { AdoptHost } from './adopt-host.tsx';
import { CorrectHosts } from './correct-hosts.tsx';
import { Difference } from './difference.tsx';
import { isDrifted, whyDrifted } from './drift-words.ts';
import { useSecrets } from './secrets.tsx';
import { Ago } from './since.tsx';
import './drift.css';

/** How one host stands to a document, file by file, and the two ways to bring them together. */
export function HostDriftDetail({
  cluster,
  name,
  drift,
  password,
  isListed,
}: {
  readonly cluster: string;
  readonly name: string;
  readonly drift: HostDrift;
  readonly password: string | null;
  /** In a list that corrects hosts too: whether there are others, as the only one is corrected there. */
  readonly isListed?: boolean;
}) {
  const operate = useOperate();
  const { host, state, differs, readAt } = drift;
  // What stands on the host is read again whenever something else is heard of it.
  const asked = useQuery('document.drift', { name, host, password });
  const [doing, setDoing] = useState<'nothing' | 'correct' | 'adopt'>('nothing');
  const files = asked.output ?? [];
  const unlike = files.filter(isUnlike);
  const told = new Map(differs.flatMap(({ path, how }) => (path === null ? [] : [[path, how] as const])));
  const shown = files.filter((file) => isUnlike(file) || told.has(file.path));
  const adoptable = unlike.filter(({ found }) => found !== null).map(({ path }) => path);
  const units = differs.filter(({ path }) => path === null);
  const why = drift.reason ? whyDrifted(drift) : '';
  return (
    <div className="drift-files">
      {why !== '' && <p>{why}</p>}
      {units.map(({ what, how }) => (
        <p key={what}>
          <code>{what}</code> {how}
        </p>
      ))}
      <p className="faint">
        {readAt === null ? 'Never read yet' : 'Compared '}
        {readAt !== null && <Ago at={readAt} />}
      </p>
      {operate && isDrifted(drift) && doing === 'nothing' && (
        <div className="drift-do">
          {isListed !== false && (
            <Button kind={isListed ? 'plain' : 'primary'} onClick={() => setDoing('correct')}>
              Correct {host}
            </Button>
          )}
          {adoptable.length > 0 && <Button onClick={() => setDoing('adopt')}>Adopt what {host} has</Button>}
        </div>
      )}
      {doing === 'correct' && (
        <CorrectHosts cluster={cluster} names={[name]} hosts={[host]} onLeave={() => setDoing('nothing')} />
      )}
      {doing === 'adopt' && (
        <AdoptHost
          name={name}
          host={host}
          paths={adoptable}
          password={password}
          onLeave={() => {
            setDoing('nothing');
            asked.again();
          }}
        />
      )}
      {asked.problem && state !== 'unreachable' && <ProblemNote problem={asked.problem} />}
      {asked.waiting && files.length === 0 && <WaitNote what={`Reading ${host}…`} />}
      {doing === 'nothing' &&
        shown.map((file) => (
          <FileDrift key={file.path} cluster={cluster} host={host} file={file} how={told.get(file.path)} />
        ))}
      {asked.output && shown.length === 0 && state === 'same' && (
        <p className="faint">
          {files.length === 1
            ? `${files[0]?.path} is as the document says.`
            : `All ${files.length} files are as the document says.`}
        </p>
      )}
    </div>
  );
}

function isUnlike({ wished, found, note }: DriftedFile): boolean {
  return note !== '' || wished !== found;
}

function FileDrift({
  cluster,
  host,
  file,
  how,
}: {
  readonly cluster: string;
  readonly host: string;
  readonly file: DriftedFile;
  readonly how: string | undefined;
}) {
  const { path, wished, found, note, lastChange } = file;
  const comparable = wished !== null && found !== null;
  const raw = useMemo(() => ({ wished: wished ?? '', found: found ?? '' }), [wished, found]);
  const { texts, note: secrets } = useSecrets(raw, `${path} on ${host}`);
  return (
    <section className="drift-file" aria-label={path}>
      <p>
        <code>{cleanLine(path)}</code> <span className="faint">{note || how}</span>
      </p>
      {lastChange && (
        <p className="drift-legend">
          Last written by{' '}
          <a href={printRoute({ view: 'changes', cluster, change: lastChange.id })}>{lastChange.title}</a>, by{' '}
          {lastChange.by}, <Ago at={lastChange.at} />
          {lastChange.since && (
            <b>
              {' '}
              · {found === null ? 'removed' : 'changed'} since by somebody else
              {lastChange.since.at !== null && (
                <>
                  , <Ago at={lastChange.since.at} />
                </>
              )}
            </b>
          )}
        </p>
      )}
      {!lastChange && found !== null && (
        <p className="drift-legend">
          No change in the journal wrote it: it is as it was provisioned, or was changed by hand.
        </p>
      )}
      {comparable && wished !== found && (
        <>
          <p className="drift-legend">− what the document says &nbsp; + what {host} has</p>
          {secrets}
          <Difference
            before={texts['wished'] ?? ''}
            after={texts['found'] ?? ''}
            names={['What the document says', `What ${host} has`]}
          />
        </>
      )}
    </section>
  );
}
