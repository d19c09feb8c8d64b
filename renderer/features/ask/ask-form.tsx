import { useMemo, useState } from 'react';
import { useStore } from 'zustand';
import { useDo } from '../../state/calls.ts';
import { useConsole } from '../../state/console.ts';
import { readFilter } from '../../state/fleet-filter.ts';
import { compareNames } from '../../state/fleet-order.ts';
import { useKeys } from '../../state/keyboard.ts';
import { Button, Keys } from '../../ui/button.tsx';
import { Choice, Segments, TextBlock, TextField, Tick } from '../../ui/field.tsx';
import { ProblemNote } from '../../ui/notes.tsx';
import { count, some } from '../../words/amounts.ts';

const limits = [
  { value: '5', label: '5 seconds' },
  { value: '15', label: '15 seconds' },
  { value: '60', label: '1 minute' },
  { value: '600', label: '10 minutes' },
  { value: '3600', label: '1 hour' },
];

/** Which command, on which hosts, for how long at most. */
export function AskForm({ cluster }: { readonly cluster: string }) {
  const { router, clock, replica, selection } = useConsole();
  const selected = useStore(selection, (state) => state.hosts);
  const [target, setTarget] = useState<'selection' | 'filter'>(selected.size > 0 ? 'selection' : 'filter');
  const [filter, setFilter] = useState('');
  const [command, setCommand] = useState('');
  const [timeoutS, setTimeoutS] = useState('15');
  const [elevate, setElevate] = useState(false);
  const [password, setPassword] = useState('');
  const start = useDo('ask.start');

  const read = useMemo(() => readFilter(filter), [filter]);
  const hosts = useMemo(() => {
    const all = replica.store.getState().records.host;
    if (target === 'selection') return [...selected].filter((name) => all.has(name)).toSorted(compareNames);
    const names: string[] = [];
    for (const [name, host] of all) if (read.matches(host, clock.now())) names.push(name);
    return names.toSorted(compareNames);
  }, [target, selected, read, replica, clock]);
  const needsPassword = elevate && needsSudoPassword(hosts, replica.store.getState().records.host);
  const ready = command.trim() !== '' && hosts.length > 0 && !start.busy && !(needsPassword && password === '');
  const run = async () => {
    if (!ready) return;
    const input = { hosts, command, timeoutS: Number(timeoutS), elevate, password: needsPassword ? password : null };
    const started = await start.run(input);
    setPassword('');
    if (started) router.go({ view: 'ask', cluster, run: started.run });
  };
  useKeys('Ask', 'view', [{ keys: 'Mod+Enter', label: 'Run the command', typing: true, run: () => void run() }]);
  const problem = read.chips.find((chip) => chip.problem)?.problem ?? undefined;
  return (
    <form
      className="ask-form"
      onSubmit={(event) => {
        event.preventDefault();
        void run();
      }}
    >
      <h1>Ask the fleet</h1>
      <p className="ask-about">
        The command runs in a shell on each host at once. Equal answers are folded into one. It is written to the
        activity log and to each host's journal.
      </p>
      <div className="ask-target">
        <Segments
          label="Which hosts"
          value={target}
          options={[
            { value: 'selection', label: `Selection (${selected.size})` },
            { value: 'filter', label: 'Filter' },
          ]}
          onChange={setTarget}
        />
        {target === 'filter' && (
          <TextField
            label="Filter hosts"
            className="ask-filter"
            placeholder="All hosts, or as in the fleet: label:role=web"
            value={filter}
            error={problem}
            onChange={(event) => setFilter(event.target.value)}
          />
        )}
      </div>
      <p className="ask-hosts" role="status">
        <b>{count(hosts.length, 'host')}</b> <span className="faint">{some(hosts, 8)}</span>
      </p>
      <TextBlock
        label="Command"
        className="ask-command"
        rows={4}
        autoFocus
        placeholder="uname -r"
        value={command}
        onChange={(event) => setCommand(event.target.value)}
      />
      <div className="ask-options">
        <Choice label="Give up after" value={timeoutS} options={limits} onChange={setTimeoutS} />
        <Tick label="As root (sudo)" checked={elevate} onChange={setElevate} />
      </div>
      {needsPassword && (
        <TextField
          label="Password for sudo"
          type="password"
          hint="Used once on each host that asks for it, never kept."
          value={password}
          onChange={(event) => setPassword(event.target.value)}
        />
      )}
      {start.problem && <ProblemNote problem={start.problem} />}
      <div className="ask-submit">
        <Button type="submit" kind="primary" disabled={!ready}>
          Run on {count(hosts.length, 'host')}
        </Button>
        <Keys keys="Ctrl Enter" />
      </div>
    </form>
  );
}

function needsSudoPassword(
  hosts: readonly string[],
  all: ReadonlyMap<string, { facts?: { elevation: string } }>,
): boolean {
  return hosts.some((host) => ['sudo-password', 'unknown'].includes(all.get(host)?.facts?.elevation ?? ''));
}
