import { useState } from 'react';
import type { UpdateGroup, UpdatePolicy } from '#shared/contract/update-policy.ts';
import { clockChanges } from '#shared/lib/update/clock-changes.ts';
import { policyInWords } from '#shared/lib/update/policy-in-words.ts';
import { SinceWhen } from '../../parts/since.tsx';
import { WindowsFields } from '../../parts/windows-fields.tsx';
import { useDo } from '../../state/calls.ts';
import { useFromTime, useOperate, useSection } from '../../state/hooks.ts';
import { useKeys } from '../../state/keyboard.ts';
import { Button } from '../../ui/button.tsx';
import { Segments, TextBlock, TextField, Tick } from '../../ui/field.tsx';
import { ProblemNote } from '../../ui/notes.tsx';
import {
  formOf,
  type PolicyErrors,
  type PolicyFieldsProps,
  type PolicyForm,
  type PolicyText,
  readPolicyForm,
} from './policy-form.ts';

const dayMs = 86_400_000;

/** Every field of a policy; its sentence says at once what they come to. */
export function PolicyEditor({
  group,
  policy: given,
  onDone,
}: {
  /** Null for a group that is to be made. */
  readonly group: UpdateGroup | null;
  readonly policy: UpdatePolicy;
  /** Told the group that was saved; null when it was removed. */
  readonly onDone: (group: string | null) => void;
}) {
  const operate = useOperate();
  const kind = useSection('cluster', '', 'updateGroups')?.kind ?? 'local';
  // What others save meanwhile does not change what is typed here: the revision then says so.
  const [base] = useState(() => ({ policy: given, revision: group?.revision ?? null }));
  const [form, setForm] = useState<PolicyForm>(() => formOf(given));
  const [tried, setTried] = useState(false);
  const save = useDo('updates.groups.save');
  const remove = useDo('updates.groups.remove');
  const { policy, errors } = readPolicyForm(form, base.policy);
  const day = useFromTime((now) => Math.floor(now / dayMs) * dayMs);
  const isMoved = group !== null && group.revision !== base.revision;
  const set = (change: Partial<PolicyForm>) => setForm((before) => ({ ...before, ...change }));
  const send = async () => {
    setTried(true);
    if (!policy) return;
    if (await save.run({ groups: [{ policy, base: base.revision }] })) onDone(policy.group);
  };
  useKeys('Policy', 'detail', [{ keys: 'Mod+Enter', label: 'Save the policy', typing: true, run: () => void send() }]);
  // An empty field of a new group is not wrong yet.
  const shown: PolicyErrors = tried || group ? errors : {};
  const windows = policy?.reboot.windows ?? null;
  const props = { form, errors: shown, set };
  return (
    <form
      className="policy-form"
      aria-label="Policy"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <p className="policy-sentence" role="status">
        {policy ? policyInWords(policy) : 'Not complete yet: see the fields below.'}
      </p>
      <WhoFields {...props} isNew={group === null} />
      <WhatFields {...props} />
      <PaceFields {...props} />
      <fieldset>
        <legend>When</legend>
        <WindowsFields {...props} />
        {windows &&
          clockChanges(windows, day).map((text) => (
            <p key={text} className="policy-clocks">
              {text}
            </p>
          ))}
      </fieldset>
      <DownFields {...props} />
      <GateFields {...props} />
      {isMoved && (
        <p className="lock-warning" role="status">
          {group.by} saved this group meanwhile, as revision {group.revision}: what you save is refused. Open it again.
        </p>
      )}
      {save.problem && <ProblemNote problem={save.problem} />}
      {remove.problem && <ProblemNote problem={remove.problem} />}
      <div className="group-do">
        <Button type="submit" kind="primary" disabled={!operate || save.busy || (tried && !policy)}>
          {group ? 'Save the policy' : 'Make the group'}
        </Button>
        {group && base.revision !== null && (
          <Button
            kind="danger"
            disabled={!operate || remove.busy}
            onClick={() => {
              if (base.revision !== null)
                void remove
                  .run({ group: group.policy.group, base: base.revision })
                  .then((done) => done && onDone(null));
            }}
          >
            Remove the group
          </Button>
        )}
      </div>
      <p className="faint">
        {group ? (
          <>
            <code>{group.key}</code> at revision {group.revision}, saved by {group.by} <SinceWhen at={group.at} />.
          </>
        ) : kind === 'etcd' ? (
          'It is kept in the etcd of this cluster, for all consoles.'
        ) : (
          'It is kept on this console’s disk, as the cluster names no etcd.'
        )}
      </p>
    </form>
  );
}

function Line({
  form,
  errors,
  set,
  field,
  ...rest
}: PolicyFieldsProps & { readonly field: PolicyText; readonly label: string } & Omit<
    React.ComponentProps<typeof TextField>,
    'value' | 'onChange' | 'error' | 'form'
  >) {
  return (
    <TextField
      {...rest}
      value={form[field]}
      error={errors[field]}
      onChange={(event) => set({ [field]: event.target.value })}
    />
  );
}

function WhoFields(props: PolicyFieldsProps & { readonly isNew: boolean }) {
  const { form, errors, set, isNew } = props;
  return (
    <fieldset>
      <legend>Who</legend>
      {isNew && <Line {...props} field="group" label="Name" autoFocus placeholder="web-frontends" />}
      <Line {...props} field="selector" label="Hosts that this filter finds" placeholder="label:role=web" />
      <TextBlock
        label="Members whatever filters say"
        rows={2}
        value={form.members}
        error={errors.members}
        hint="Host names; they are in this group and in no other."
        onChange={(event) => set({ members: event.target.value })}
      />
      <Line
        {...props}
        field="order"
        label="Place in the order"
        inputMode="numeric"
        hint="The lowest is asked first; a host is in the first group that finds it."
      />
    </fieldset>
  );
}

function WhatFields(props: PolicyFieldsProps) {
  const { form, set } = props;
  return (
    <fieldset>
      <legend>What</legend>
      <Segments
        label="What hosts follow"
        value={form.targetKind}
        options={[
          { value: 'channel', label: 'A channel' },
          { value: 'version', label: 'A pinned version' },
          { value: 'offered', label: 'What is offered' },
        ]}
        onChange={(targetKind) => set({ targetKind })}
      />
      {form.targetKind === 'channel' && <Line {...props} field="channel" label="Channel" placeholder="stable" />}
      {form.targetKind === 'version' && (
        <Line
          {...props}
          field="version"
          label="Version"
          placeholder="4593.2.1"
          hint="Hosts stay at it, and go there where it is offered."
        />
      )}
      <Segments
        label="Of packages"
        value={form.packages}
        options={[
          { value: 'all', label: 'All that wait' },
          { value: 'security', label: 'Security alone' },
        ]}
        onChange={(packages) => set({ packages })}
      />
      <Segments
        label="Who begins"
        value={form.automatic ? 'yes' : 'no'}
        options={[
          { value: 'no', label: 'By hand' },
          { value: 'yes', label: 'Automatic' },
        ]}
        onChange={(value) => set({ automatic: value === 'yes' })}
      />
      {form.automatic && (
        <p className="field-hint">
          A console begins each version once, and packages that wait once; they are installed and the host rebooted in
          the windows. What paused, was stopped or was rolled back is begun again by hand only.
        </p>
      )}
    </fieldset>
  );
}

function PaceFields(props: PolicyFieldsProps) {
  return (
    <fieldset className="policy-grid">
      <legend>How quickly</legend>
      <Line {...props} field="atOnce" label="At a time" inputMode="numeric" />
      <Line {...props} field="failureBudget" label="May fail" inputMode="numeric" />
      <Line {...props} field="rateHosts" label="At most so many" inputMode="numeric" placeholder="no limit" />
      <Line {...props} field="ratePer" label="in" />
      <Line {...props} field="waves" label="Waves" placeholder="one after the other" hint="As 1, 10 %, all" />
      <Line {...props} field="soak" label="Between waves" />
      <Line {...props} field="spreadOver" label="Spread over the label" placeholder="nothing" />
    </fieldset>
  );
}

function DownFields(props: PolicyFieldsProps) {
  const { form, set } = props;
  return (
    <fieldset>
      <legend>Going down</legend>
      <Tick
        label="Only with a slot of the cluster’s reboot lock"
        checked={form.lock === 'cluster'}
        onChange={(on) => set({ lock: on ? 'cluster' : 'none' })}
      />
      <Tick
        label="Back to the system before when checks fail in the new one, once"
        checked={form.rollBack}
        onChange={(rollBack) => set({ rollBack })}
      />
      <div className="policy-grid">
        {form.lock === 'cluster' && (
          <Line {...props} field="lockGroup" label="Group of the lock" placeholder="default" />
        )}
        <Line {...props} field="peopleWait" label="Logged-in people are waited for" />
        <Line {...props} field="updateTimeout" label="A download may take" />
        <Line {...props} field="bootTimeout" label="A boot may take" />
      </div>
    </fieldset>
  );
}

function GateFields(props: PolicyFieldsProps) {
  const { form, errors, set } = props;
  return (
    <fieldset>
      <legend>Good when</legend>
      <Tick
        label="systemd is no worse than before"
        checked={form.systemRunning}
        onChange={(systemRunning) => set({ systemRunning })}
      />
      <Tick label="its health is no worse than before" checked={form.health} onChange={(health) => set({ health })} />
      <TextBlock
        label="Units are active"
        rows={2}
        placeholder="sshd.service, 30 s"
        value={form.units}
        error={errors.units}
        hint="One a line, with how long they have to stay so."
        onChange={(event) => set({ units: event.target.value })}
      />
      <Line {...props} field="ports" label="Ports answer" placeholder="22, 443" />
      <TextBlock
        label="Commands succeed"
        rows={2}
        placeholder="60 s: curl -fsS http://localhost/health"
        value={form.commands}
        error={errors.commands}
        hint="One a line, run as root on the host."
        onChange={(event) => set({ commands: event.target.value })}
      />
    </fieldset>
  );
}
