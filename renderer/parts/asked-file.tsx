import { useState } from 'react';
import { filePath } from '#shared/contract/change.ts';
import { useQuery } from '../state/calls.ts';
import { useConsole } from '../state/console.ts';
import { Button } from '../ui/button.tsx';
import { TextField } from '../ui/field.tsx';
import { count } from '../words/amounts.ts';
import { HostsChoice, useHostsChoice } from './hosts-choice.tsx';
import { knownPaths } from './known-paths.ts';
import { SudoPassword } from './sudo-password.tsx';
import './asked-file.css';

type AskedFile = ReturnType<typeof useAskedFile>;

/** One file that is read on many hosts once somebody asks for it; the address has what was asked for. */
export function useAskedFile({
  cluster,
  tab,
  path,
  filter,
  onOther,
}: {
  readonly cluster: string;
  readonly tab: 'compare' | 'matrix';
  readonly path: string;
  /** Which hosts, when the address names them. */
  readonly filter: string;
  /** Told when it is read again, or another one was linked to: what was begun is of the one before. */
  readonly onOther?: () => void;
}) {
  const { router } = useConsole();
  const choice = useHostsChoice(filter);
  const [typed, setTyped] = useState(path);
  const [linked, setLinked] = useState(path);
  const [password, setPassword] = useState('');
  // What was asked for last: hosts are not read while somebody still types a filter.
  const [target, setTarget] = useState({ hosts: choice.hosts, password: null as string | null });
  if (linked !== path) {
    setLinked(path);
    setTyped(path);
    onOther?.();
  }
  const ready = path !== '' && target.hosts.length > 0;
  const asked = useQuery('change.compare', ready ? { ...target, path } : null);
  const wrong = typed !== '' && !filePath.safeParse(typed).success ? 'Not an absolute path of a file' : undefined;
  const ask = () => {
    if (wrong || typed === '') return;
    onOther?.();
    setTarget({ hosts: choice.hosts, password: password === '' ? null : password });
    const chosen = choice.target === 'filter' && choice.filter !== '' ? { filter: choice.filter } : {};
    router.go({ view: 'config', cluster, tab, path: typed, ...chosen });
    asked.again();
  };
  return { path, choice, target, asked, typed, setTyped, wrong, password, setPassword, ask };
}

/** Asks for the path, the hosts and, where they show it to root only, the password. */
export function AskFile({
  file: { path, choice, asked, typed, setTyped, wrong, password, setPassword, ask },
  example,
  does,
}: {
  readonly file: AskedFile;
  readonly example: string;
  /** What the button says before the number of hosts. */
  readonly does: string;
}) {
  return (
    <form
      className="asked-file"
      onSubmit={(event) => {
        event.preventDefault();
        ask();
      }}
    >
      <div className="asked-file-path">
        <TextField
          label="Path of the file"
          className="asked-file-field"
          list="known-paths"
          placeholder={example}
          autoFocus={path === ''}
          value={typed}
          error={wrong}
          onChange={(event) => setTyped(event.target.value)}
        />
        <datalist id="known-paths">
          {knownPaths.map((one) => (
            <option key={one} value={one} />
          ))}
        </datalist>
        <Button type="submit" kind={path === '' ? 'primary' : 'plain'} disabled={typed === '' || wrong !== undefined}>
          {does} {count(choice.hosts.length, 'host')}
        </Button>
      </div>
      <HostsChoice choice={choice} />
      {asked.output?.files.some(({ kind }) => kind === 'unreadable') && (
        <SudoPassword keep="to-read" value={password} onChange={setPassword} />
      )}
    </form>
  );
}
