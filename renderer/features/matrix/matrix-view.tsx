import { useMemo, useState } from 'react';
import { filePath } from '#shared/contract/change.ts';
import { ConfigTabs } from '../../parts/config-tabs.tsx';
import { HostsChoice, useHostsChoice } from '../../parts/hosts-choice.tsx';
import { knownPaths } from '../../parts/known-paths.ts';
import { SecretsList } from '../../parts/secrets.tsx';
import { useQuery } from '../../state/calls.ts';
import { useConsole } from '../../state/console.ts';
import { Button } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';
import { EmptyNote, ProblemNote, WaitNote } from '../../ui/notes.tsx';
import { count } from '../../words/amounts.ts';
import { matrixOf } from './matrix.ts';
import { MatrixBoard } from './matrix-board.tsx';
import './matrix.css';

const noTexts: Readonly<Record<string, string>> = {};

/** The settings of one structured file over many hosts; the odd ones out stand out. */
export function MatrixView(props: MatrixViewProps) {
  // Another link means other hosts: what was chosen before is not theirs.
  return <MatrixOfHosts key={props.filter} {...props} />;
}

interface MatrixViewProps {
  readonly cluster: string;
  readonly path: string;
  /** Which hosts, when the address names them. */
  readonly filter: string;
}

function MatrixOfHosts({ cluster, path, filter }: MatrixViewProps) {
  const { router } = useConsole();
  const choice = useHostsChoice(filter);
  const [typed, setTyped] = useState(path);
  const [linked, setLinked] = useState(path);
  if (linked !== path) {
    setLinked(path);
    setTyped(path);
  }
  const [password, setPassword] = useState('');
  // What was asked for last: hosts are not read while somebody still types a filter.
  const [target, setTarget] = useState({ hosts: choice.hosts, password: null as string | null });
  const ready = path !== '' && target.hosts.length > 0;
  const asked = useQuery('change.compare', ready ? { ...target, path } : null);
  const texts = asked.output?.texts ?? noTexts;
  const matrix = useMemo(
    () => (asked.output ? matrixOf(path, asked.output.files, asked.output.texts) : null),
    [asked.output, path],
  );
  const wrong = typed !== '' && !filePath.safeParse(typed).success ? 'Not an absolute path of a file' : undefined;
  const read = () => {
    if (wrong || typed === '') return;
    setTarget({ hosts: choice.hosts, password: password === '' ? null : password });
    const chosen = choice.target === 'filter' && choice.filter !== '' ? { filter: choice.filter } : {};
    router.go({ view: 'config', cluster, tab: 'matrix', path: typed, ...chosen });
    asked.again();
  };
  return (
    <>
      <ConfigTabs cluster={cluster} current="matrix" path={path} />
      <div className="page matrix-page">
        <h1 className="unseen">Settings of one file over the fleet</h1>
        <form
          className="matrix-ask"
          onSubmit={(event) => {
            event.preventDefault();
            read();
          }}
        >
          <div className="matrix-path">
            <TextField
              label="Path of the file"
              className="matrix-path-field"
              list="matrix-paths"
              placeholder="/etc/sysctl.d/90-fleet.conf"
              autoFocus={path === ''}
              value={typed}
              error={wrong}
              onChange={(event) => setTyped(event.target.value)}
            />
            <datalist id="matrix-paths">
              {knownPaths.map((one) => (
                <option key={one} value={one} />
              ))}
            </datalist>
            <Button
              type="submit"
              kind={path === '' ? 'primary' : 'plain'}
              disabled={typed === '' || wrong !== undefined}
            >
              Read the settings of {count(choice.hosts.length, 'host')}
            </Button>
          </div>
          <HostsChoice choice={choice} />
          {asked.output?.files.some(({ kind }) => kind === 'unreadable') && (
            <TextField
              label="Password for sudo"
              type="password"
              hint="Some hosts show this file to root only. Used to read it, never kept."
              value={password}
              onChange={(event) => setPassword(event.target.value)}
            />
          )}
        </form>
        {asked.problem && <ProblemNote problem={asked.problem} />}
        {ready && asked.waiting && !asked.output && (
          <WaitNote what={`Reading ${path} on ${count(target.hosts.length, 'host')}…`} />
        )}
        {!ready && path === '' && (
          <EmptyNote title="Which file?">
            <p>
              Its settings are laid side by side for every host chosen: units, sshd, sysctl, env files, ini, JSON, YAML
              and TOML. The odd ones out stand out.
            </p>
          </EmptyNote>
        )}
        <SecretsList texts={texts} where={path} />
        {asked.output && matrix && (
          <MatrixBoard
            key={path}
            cluster={cluster}
            path={path}
            matrix={matrix}
            files={asked.output.files}
            texts={texts}
          />
        )}
      </div>
    </>
  );
}
