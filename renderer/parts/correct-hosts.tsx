import { useMemo, useState } from 'react';
import { type ChangePlan, defaultWaves, type WavePolicy } from '#shared/contract/change.ts';
import type { CallOutput } from '#shared/contract/calls.ts';
import { type Asked, useDo, useQuery } from '../state/calls.ts';
import { useConsole } from '../state/console.ts';
import { useSection } from '../state/hooks.ts';
import { useKeys } from '../state/keyboard.ts';
import { Button, Keys } from '../ui/button.tsx';
import { TextField } from '../ui/field.tsx';
import { ProblemNote, WaitNote } from '../ui/notes.tsx';
import { count } from '../words/amounts.ts';
import { ChangePlanText } from './change-plan.tsx';
import { WaveChoice } from './wave-choice.tsx';
import './drift.css';

/** What brings hosts to what documents say: who is left out and why, the plan to read, and the button that applies it. */
export function CorrectHosts({
  cluster,
  names,
  hosts,
  onLeave,
}: {
  readonly cluster: string;
  readonly names: string[];
  /** Null is every host of the documents. */
  readonly hosts: string[] | null;
  readonly onLeave: () => void;
}) {
  // Asked once: what happens to a host while the plan is read is found by the plan itself.
  const [wanted] = useState({ names, hosts });
  const asked = useQuery('document.correct', wanted);
  return <ApplyCorrection cluster={cluster} asked={asked} onLeave={onLeave} />;
}

/** What puts files of a host back as its changes or its first boot left them. */
export function RestoreFiles({
  cluster,
  host,
  paths,
  password,
  onLeave,
}: {
  readonly cluster: string;
  readonly host: string;
  readonly paths: string[];
  readonly password: string | null;
  readonly onLeave: () => void;
}) {
  const [wanted] = useState({ host, paths, password });
  const asked = useQuery('host.correct', wanted);
  return <ApplyCorrection cluster={cluster} asked={asked} onLeave={onLeave} />;
}

function ApplyCorrection({
  cluster,
  asked,
  onLeave,
}: {
  readonly cluster: string;
  readonly asked: Asked<CallOutput<'document.correct'>>;
  readonly onLeave: () => void;
}) {
  const { router, replica } = useConsole();
  const isProtected = useSection('cluster', '', 'about')?.protected ?? false;
  const [policy, setPolicy] = useState<WavePolicy>(defaultWaves);
  const [password, setPassword] = useState('');
  const [read, setRead] = useState<ChangePlan | null>(null);
  const plan = useDo('change.plan');
  const propose = useDo('change.propose');
  const act = useDo('change.act');
  const draft = asked.output?.draft ?? null;
  const leftOut = asked.output?.leftOut ?? [];
  const needsPassword = useMemo(() => {
    const all = replica.store.getState().records.host;
    return (draft?.parts ?? [])
      .flatMap((part) => part.hosts)
      .some((host) => all.get(host)?.facts?.elevation === 'sudo-password');
  }, [draft, replica]);
  const given = needsPassword ? password : null;
  const ready = draft !== null && !(needsPassword && password === '');
  const makePlan = async () => {
    if (draft && ready) setRead(await plan.run({ draft: { ...draft, policy }, password: given }));
  };
  const apply = async () => {
    if (!read) return;
    if (!(await propose.run({ plan: read }))) return;
    if (!isProtected && !(await act.run({ id: read.id, verb: 'start', host: null, password: given }))) return;
    setPassword('');
    router.go({ view: 'changes', cluster, change: read.id });
  };
  useKeys('Correct', 'detail', [
    { keys: 'Mod+Enter', label: 'Read the plan', typing: true, run: () => void makePlan() },
    { keys: 'Escape', label: 'Leave the correction', run: onLeave },
  ]);
  const targets = read?.waves.reduce((sum, { length }) => sum + length, 0) ?? 0;
  const problem = asked.problem ?? plan.problem ?? propose.problem ?? act.problem;
  return (
    <form
      className="drift-do-it"
      aria-label="Correct"
      onSubmit={(event) => {
        event.preventDefault();
        void makePlan();
      }}
    >
      <h3>{draft?.title ?? 'Correct'}</h3>
      {asked.waiting && !asked.output && <WaitNote what="Finding what has to change…" />}
      {asked.output && !draft && leftOut.length === 0 && (
        <p>Every host is as it should be: there is nothing to correct.</p>
      )}
      {leftOut.length > 0 && (
        <ul aria-label="Left out">
          {leftOut.map(({ host, reason }) => (
            <li key={`${host} ${reason.message}`}>
              <b>{host}</b> is left out: {reason.message}. {reason.hint}
            </li>
          ))}
        </ul>
      )}
      {draft && (
        <details className="drift-waves">
          <summary>How it goes over the hosts</summary>
          <WaveChoice
            policy={policy}
            onChange={(next) => {
              setPolicy(next);
              setRead(null);
            }}
          />
        </details>
      )}
      {draft && needsPassword && (
        <TextField
          label="Password for sudo"
          type="password"
          hint="Held in memory while this console drives the change, never written down."
          value={password}
          onChange={(event) => {
            setPassword(event.target.value);
            setRead(null);
          }}
        />
      )}
      {problem && <ProblemNote problem={problem} />}
      <div className="drift-do">
        {draft && (
          <>
            <Button type="submit" kind={read ? 'plain' : 'primary'} disabled={!ready || plan.busy} autoFocus>
              {plan.busy ? 'Reading the hosts…' : 'Read the plan'}
            </Button>
            <Keys keys="Ctrl Enter" />
          </>
        )}
        <Button kind="quiet" onClick={onLeave}>
          Leave the correction
        </Button>
      </div>
      {read && (
        <section aria-label="The plan" className="drift-do-it">
          <ChangePlanText plan={read} />
          {targets > 0 && (
            <div className="drift-do">
              <Button kind="primary" disabled={propose.busy || act.busy} onClick={() => void apply()}>
                {isProtected ? 'Propose it for approval' : `Apply in stages to ${count(targets, 'host')}`}
              </Button>
              {isProtected && (
                <span className="faint">This cluster is protected: a second person approves the plan.</span>
              )}
            </div>
          )}
        </section>
      )}
    </form>
  );
}
