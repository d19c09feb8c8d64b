import { useState } from 'react';
import { HostsChoice, useHostsChoice } from '../../parts/hosts-choice.tsx';
import { useDo } from '../../state/calls.ts';
import { useConsole } from '../../state/console.ts';
import { useKeys } from '../../state/keyboard.ts';
import { Button, Keys } from '../../ui/button.tsx';
import { Choice, TextBlock, TextField, Tick } from '../../ui/field.tsx';
import { ProblemNote } from '../../ui/notes.tsx';
import { count } from '../../words/amounts.ts';

const limits = [
  { value: '5', label: '5 seconds' },
  { value: '15', label: '15 seconds' },
  { value: '60', label: '1 minute' },
  { value: '600', label: '10 minutes' },
  { value: '3600', label: '1 hour' },
];

/** Which command, on which hosts, for how long at most. */
export function AskForm({ cluster }: { readonly cluster: string }) {
  const { router, replica } = useConsole();
  const choice = useHostsChoice();
  const { hosts } = choice;
  const [command, setCommand] = useState('');
  const [timeoutS, setTimeoutS] = useState('15');
  const [elevate, setElevate] = useState(false);
  const [password, setPassword] = useState('');
  const start = useDo('ask.start');

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
      <HostsChoice choice={choice} />
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
