import { useEffect, useState } from 'react';
import type { ClusterMode, ImportPreview } from '#shared/contract/cluster.ts';
import { useDo, useQuery } from '../../state/calls.ts';
import { useConsole } from '../../state/console.ts';
import { plainFleet } from '../../state/routes.ts';
import { Button } from '../../ui/button.tsx';
import { Segments, TextField } from '../../ui/field.tsx';
import { EmptyNote, ProblemNote, WaitNote } from '../../ui/notes.tsx';
import { count } from '../../words/amounts.ts';

const modeAbout: Record<ClusterMode, string> = {
  observe: 'Hosts are only read. Nothing on them can be changed from this console until the mode is switched.',
  operate: 'Units can be started and stopped and commands run; each is shown before it is done and written down.',
};

/** Shows what an import found before anything is written, and makes the cluster of the hosts that are ticked. */
export function ImportTable({
  format,
  text,
}: {
  readonly format: 'ssh-config' | 'ansible-ini' | 'ansible-yaml' | 'list';
  readonly text: string | null;
}) {
  const settled = useSettled(text);
  const input = settled !== null && settled.trim() === '' ? null : { format, text: settled };
  const { output: preview, problem, waiting } = useQuery('import.preview', input);
  if (input === null) return null;
  return (
    <>
      {waiting && !preview && <WaitNote what={text === null ? 'Reading ~/.ssh/config…' : 'Reading…'} />}
      {problem && <ProblemNote problem={problem} />}
      {preview && <Preview preview={preview} />}
    </>
  );
}

function Preview({ preview }: { readonly preview: ImportPreview }) {
  const { router } = useConsole();
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const [name, setName] = useState('My fleet');
  const [mode, setMode] = useState<ClusterMode>('observe');
  const make = useDo('clusters.import');
  const chosen = preview.hosts.filter((host) => !left.has(host.name));
  const submit = async () => {
    const made = await make.run({ name: name.trim(), mode, hosts: chosen });
    if (made) router.go({ view: 'fleet', cluster: made.id, query: plainFleet });
  };
  return (
    <>
      {preview.problems.map((problem) => (
        <ProblemNote key={`${problem.place?.file}:${problem.place?.line} ${problem.message}`} problem={problem} />
      ))}
      {preview.hosts.length === 0 ? (
        <EmptyNote title="No host was found">
          <p>Only hosts with a name of their own are taken; patterns such as * are settings for others.</p>
        </EmptyNote>
      ) : (
        <HostsTable hosts={preview.hosts} left={left} setLeft={setLeft} />
      )}
      {preview.skipped.length > 0 && (
        <details className="add-skipped">
          <summary>{count(preview.skipped.length, 'entry', 'entries')} left out</summary>
          <ul>
            {preview.skipped.map(({ what, why }) => (
              <li key={`${what} ${why}`}>
                <code>{what}</code> <span className="faint">{why}</span>
              </li>
            ))}
          </ul>
        </details>
      )}
      {preview.hosts.length > 0 && (
        <form
          className="add-rest"
          onSubmit={(event) => {
            event.preventDefault();
            void submit();
          }}
        >
          <div className="add-form">
            <TextField
              label="Name of the cluster"
              value={name}
              maxLength={80}
              onChange={(event) => setName(event.target.value)}
            />
            <div className="add-mode">
              <span>Mode</span>
              <Segments
                label="Mode"
                value={mode}
                options={[
                  { value: 'observe', label: 'Observe' },
                  { value: 'operate', label: 'Operate' },
                ]}
                onChange={setMode}
              />
              <p>{modeAbout[mode]}</p>
            </div>
          </div>
          {make.problem && <ProblemNote problem={make.problem} />}
          <div className="add-buttons">
            <Button type="submit" kind="primary" disabled={name.trim() === '' || chosen.length === 0 || make.busy}>
              Make a cluster of {count(chosen.length, 'host')}
            </Button>
            <span className="faint">This writes one file and connects; nothing is written on any host.</span>
          </div>
        </form>
      )}
    </>
  );
}

function HostsTable({
  hosts,
  left,
  setLeft,
}: {
  readonly hosts: ImportPreview['hosts'];
  readonly left: ReadonlySet<string>;
  readonly setLeft: (left: ReadonlySet<string>) => void;
}) {
  const toggle = (name: string) => {
    const next = new Set(left);
    if (!next.delete(name)) next.add(name);
    setLeft(next);
  };
  return (
    <div className="card add-table">
      <table className="plain-table">
        <caption className="unseen">Hosts found</caption>
        <thead>
          <tr>
            <th>
              <input
                type="checkbox"
                aria-label="Take all hosts"
                checked={left.size === 0}
                onChange={() => setLeft(left.size === 0 ? new Set(hosts.map(({ name }) => name)) : new Set())}
              />
            </th>
            <th>Host</th>
            <th>Address</th>
            <th>User</th>
            <th>Through</th>
            <th>Keys</th>
            <th>Labels</th>
          </tr>
        </thead>
        <tbody>
          {hosts.map((host) => (
            <tr key={host.name}>
              <td>
                <input
                  type="checkbox"
                  aria-label={`Take ${host.name}`}
                  checked={!left.has(host.name)}
                  onChange={() => toggle(host.name)}
                />
              </td>
              <td>{host.name}</td>
              <td className="mono">
                {host.address}
                {host.port !== 22 && `:${host.port}`}
              </td>
              <td>{host.user}</td>
              <td>{host.jump.join(' → ')}</td>
              <td className="mono">{host.identityFiles.join(' ')}</td>
              <td>
                {Object.entries(host.labels)
                  .map(([key, value]) => `${key}=${value}`)
                  .join(' ')}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** The text once it has not changed for 300 ms. */
function useSettled(text: string | null): string | null {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), 300);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}
