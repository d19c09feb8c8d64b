import { useMemo } from 'react';
import { AskFile, useAskedFile } from '../../parts/asked-file.tsx';
import { ConfigTabs } from '../../parts/config-tabs.tsx';
import { SecretsList } from '../../parts/secrets.tsx';
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
  const file = useAskedFile({ cluster, tab: 'matrix', path, filter });
  const { asked, target } = file;
  const texts = asked.output?.texts ?? noTexts;
  const matrix = useMemo(
    () => (asked.output ? matrixOf(path, asked.output.files, asked.output.texts) : null),
    [asked.output, path],
  );
  return (
    <>
      <ConfigTabs cluster={cluster} current="matrix" path={path} />
      <div className="page matrix-page">
        <h1 className="unseen">Settings of one file over the fleet</h1>
        <AskFile file={file} example="/etc/sysctl.d/90-fleet.conf" does="Read the settings of" />
        {asked.problem && <ProblemNote problem={asked.problem} />}
        {asked.waiting && !asked.output && (
          <WaitNote what={`Reading ${path} on ${count(target.hosts.length, 'host')}…`} />
        )}
        {path === '' && (
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
