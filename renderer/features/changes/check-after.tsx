import { useState } from 'react';
import { toCheck } from '#shared/lib/update/to-check.ts';
import { UpdateOutcomes } from '../../parts/action-outcomes.tsx';
import { UpdateConfirm } from '../../parts/update-confirm.tsx';
import { useQuery } from '../../state/calls.ts';
import { useOperate, useRecords } from '../../state/hooks.ts';
import { Button } from '../../ui/button.tsx';
import { count } from '../../words/amounts.ts';

const check = { kind: 'check' } as const;

/**
 * Once a change that wrote update.conf is committed: offers to tell its agents to ask the server that it names. No part of
 * the change, which is not taken back because a server does not answer.
 */
export function CheckAfter({ id }: { readonly id: string }) {
  const operate = useOperate();
  const all = useRecords('host');
  const courses = useRecords('change').get(id)?.hosts ?? [];
  const read = useQuery('change.read', { id });
  const [asked, setAsked] = useState<readonly string[] | null>(null);
  const [action, setAction] = useState<string | null>(null);
  if (action !== null) return <UpdateOutcomes action={action} />;
  if (asked) return <UpdateConfirm hosts={asked} act={check} onClose={() => setAsked(null)} onStarted={setAction} />;
  const hosts = read.output ? toCheck(read.output.plan.steps, courses, all) : [];
  if (!operate || hosts.length === 0) return null;
  const target = hosts.length === 1 ? (hosts[0] ?? '') : count(hosts.length, 'host');
  return (
    <div className="change-verbs" role="group" aria-label="After the change">
      <Button onClick={() => setAsked(hosts)}>Check for updates on {target}…</Button>
      <span className="faint">update.conf is written; its update_engine has asked no server since.</span>
    </div>
  );
}
