import type { Gate } from '#shared/contract/change.ts';
import { hostName, unitName } from '#shared/contract/ids.ts';
import { defaultReboots } from '#shared/contract/reboot.ts';
import { groupName, type UpdatePolicy, updatePolicy } from '#shared/contract/update-policy.ts';
import { printWaveSizes, readWaveSizes } from '#shared/lib/change/wave-sizes.ts';
import { policyFaults } from '#shared/lib/update/check-policy.ts';
import { readWindows, type WindowsForm, windowsFormOf } from '../../parts/windows-form.ts';
import { printSpan, readSpan } from '../../words/spans.ts';

/** A policy as it is typed; every field a text or a choice, right or wrong. */
export interface PolicyForm extends WindowsForm {
  readonly group: string;
  readonly selector: string;
  readonly members: string;
  readonly order: string;
  readonly targetKind: UpdatePolicy['target']['kind'];
  readonly channel: string;
  readonly version: string;
  readonly atOnce: string;
  /** Empty for no limit. */
  readonly rateHosts: string;
  readonly ratePer: string;
  readonly waves: string;
  readonly spreadOver: string;
  readonly lock: 'cluster' | 'none';
  readonly lockGroup: string;
  readonly peopleWait: string;
  readonly soak: string;
  readonly failureBudget: string;
  readonly updateTimeout: string;
  readonly bootTimeout: string;
  readonly rollBack: boolean;
  readonly systemRunning: boolean;
  readonly health: boolean;
  /** One a line, as `sshd.service, 30 s`. */
  readonly units: string;
  readonly ports: string;
  /** One a line, as `60 s: curl -f http://localhost/`. */
  readonly commands: string;
  readonly packages: 'all' | 'security';
  readonly automatic: boolean;
}

/** The fields that are typed as a text. */
export type PolicyText = { [K in keyof PolicyForm]: PolicyForm[K] extends string ? K : never }[keyof PolicyForm];

export type PolicyErrors = Readonly<Partial<Record<keyof PolicyForm, string>>>;

/** What every part of the form is given. */
export interface PolicyFieldsProps {
  readonly form: PolicyForm;
  readonly errors: PolicyErrors;
  readonly set: (change: Partial<PolicyForm>) => void;
}

/** What a new group starts with. */
export const firstPolicy: UpdatePolicy = {
  group: '',
  selector: '',
  members: [],
  order: 100,
  target: { kind: 'offered' },
  automatic: false,
  paused: null,
  waves: [],
  spreadOver: null,
  soakS: 0,
  failureBudget: 0,
  gates: [{ kind: 'system-running' }, { kind: 'health' }],
  reboot: defaultReboots,
};

/** A policy laid out to be edited. */
export function formOf(policy: UpdatePolicy): PolicyForm {
  const { target, gates, reboot } = policy;
  const lines = (of: (gate: Gate) => string | null) => gates.flatMap((gate) => of(gate) ?? []).join('\n');
  return {
    group: policy.group,
    selector: policy.selector,
    members: policy.members.join('\n'),
    order: String(policy.order),
    targetKind: target.kind,
    channel: target.kind === 'channel' ? target.channel : 'stable',
    version: target.kind === 'version' ? target.version : '',
    atOnce: String(reboot.atOnce),
    rateHosts: reboot.rate ? String(reboot.rate.hosts) : '',
    ratePer: printSpan(reboot.rate?.perS ?? 3600),
    waves: printWaveSizes(policy.waves),
    spreadOver: policy.spreadOver ?? '',
    ...windowsFormOf(reboot.windows),
    lock: reboot.lock,
    lockGroup: reboot.lockGroup,
    peopleWait: printSpan(reboot.peopleWaitS),
    soak: printSpan(policy.soakS),
    failureBudget: String(policy.failureBudget),
    updateTimeout: printSpan(reboot.updateTimeoutS),
    bootTimeout: printSpan(reboot.bootTimeoutS),
    rollBack: reboot.rollBackOnFailure,
    systemRunning: gates.some(({ kind }) => kind === 'system-running'),
    health: gates.some(({ kind }) => kind === 'health'),
    units: lines((gate) => (gate.kind === 'unit-active' ? `${gate.unit}, ${gate.settleS} s` : null)),
    ports: gates.flatMap((gate) => (gate.kind === 'port' ? gate.port : [])).join(', '),
    commands: lines((gate) => (gate.kind === 'command' ? `${gate.timeoutS} s: ${gate.command}` : null)),
    packages: policy.packages ?? 'all',
    automatic: policy.automatic,
  };
}

/** The policy that a form says, over the one that it was made of; null with an error at each field that is wrong. */
export function readPolicyForm(
  form: PolicyForm,
  before: UpdatePolicy,
): { readonly policy: UpdatePolicy | null; readonly errors: PolicyErrors } {
  const errors: Partial<Record<keyof PolicyForm, string>> = {};
  const wrong = (field: keyof PolicyForm, text: string) => {
    errors[field] ??= text;
  };
  const whole = (field: PolicyText, least: number, most: number): number => {
    const text = form[field].trim();
    const value = /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN;
    if (!(value >= least && value <= most)) wrong(field, `A whole number from ${least} to ${most}.`);
    return value;
  };
  const span = (field: PolicyText, least: number, most: number): number => {
    const value = readSpan(form[field]);
    if (value === null || value < least || value > most)
      wrong(field, `From ${printSpan(least)} to ${printSpan(most)}, as 90 s, 10 min or 2 h.`);
    return value ?? 0;
  };
  if (!groupName.safeParse(form.group).success)
    wrong('group', 'Lower-case letters, digits and dashes, as web-frontends.');
  if (form.selector.trim() === '') wrong('selector', 'It has to select something, as label:role=web.');
  if (form.targetKind === 'channel' && form.channel.trim() === '') wrong('channel', 'Which channel, as stable?');
  if (form.targetKind === 'version' && form.version.trim() === '') wrong('version', 'Which version, as 4593.2.1?');
  const members = form.members.split(/[\s,]+/).filter(Boolean);
  const stray = members.find((member) => !hostName.safeParse(member).success);
  if (stray !== undefined) wrong('members', `${stray} is not the name of a host.`);
  const waves = form.waves.trim() === '' ? [] : readWaveSizes(form.waves);
  if (!Array.isArray(waves)) wrong('waves', `As in: 1, 10 %, 50 %, all. Not a size: ${waves.wrong}`);
  const windows = readWindows(form, wrong);
  const { packages: _packages, ...kept } = before;
  const made: UpdatePolicy = {
    ...kept,
    ...(form.packages === 'security' ? { packages: form.packages } : {}),
    group: form.group,
    selector: form.selector.trim(),
    members: [...new Set(members)].toSorted(),
    order: whole('order', 0, 10_000),
    target: targetOf(form),
    automatic: form.automatic,
    waves: Array.isArray(waves) ? waves : [],
    spreadOver: form.spreadOver.trim() || null,
    soakS: span('soak', 0, 86_400),
    failureBudget: whole('failureBudget', 0, 5000),
    gates: gatesOf(form, wrong),
    reboot: {
      ...before.reboot,
      windows,
      lock: form.lock,
      lockGroup: form.lock === 'cluster' ? form.lockGroup.trim() : '',
      atOnce: whole('atOnce', 1, 5000),
      rate:
        form.rateHosts.trim() === '' ? null : { hosts: whole('rateHosts', 1, 5000), perS: span('ratePer', 1, 604_800) },
      peopleWaitS: span('peopleWait', 0, 86_400),
      updateTimeoutS: span('updateTimeout', 30, 86_400),
      bootTimeoutS: span('bootTimeout', 30, 7200),
      rollBackOnFailure: form.rollBack,
    },
  };
  if (Object.keys(errors).length > 0) return { policy: null, errors };
  for (const { field, message } of policyFaults(made))
    wrong(field === 'target' ? 'channel' : field === 'rate' ? 'rateHosts' : field, message);
  const checked = updatePolicy.safeParse(made);
  if (!checked.success) wrong('selector', checked.error.issues[0]?.message ?? 'This is no policy.');
  return { policy: checked.success && Object.keys(errors).length === 0 ? checked.data : null, errors };
}

type Wrong = (field: keyof PolicyForm, text: string) => void;

function targetOf({ targetKind, channel, version }: PolicyForm): UpdatePolicy['target'] {
  if (targetKind === 'channel') return { kind: 'channel', channel: channel.trim() };
  return targetKind === 'version' ? { kind: 'version', version: version.trim() } : { kind: 'offered' };
}

function gatesOf(form: PolicyForm, wrong: Wrong): Gate[] {
  const gates: Gate[] = [];
  if (form.systemRunning) gates.push({ kind: 'system-running' });
  if (form.health) gates.push({ kind: 'health' });
  for (const line of linesOf(form.units)) {
    const [, name = '', settle = '10'] = /^(\S+?)(?:\s*,\s*(\d{1,3})\s*s)?$/.exec(line) ?? [];
    const unit = unitName.safeParse(name);
    if (unit.success && Number(settle) <= 600)
      gates.push({ kind: 'unit-active', unit: unit.data, settleS: Number(settle) });
    else wrong('units', `One unit a line, as sshd.service, 30 s. Not one: ${line}`);
  }
  for (const text of form.ports.split(/[\s,]+/).filter(Boolean)) {
    const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
    if (port >= 1 && port <= 65_535) gates.push({ kind: 'port', port });
    else wrong('ports', `Ports from 1 to 65535, as 22, 443. Not one: ${text}`);
  }
  for (const line of linesOf(form.commands)) {
    const [, timeout, command = line] = /^(\d{1,3})\s*s:\s*(.+)$/.exec(line) ?? [];
    const timeoutS = Number(timeout ?? 30);
    if (timeoutS >= 1 && timeoutS <= 600) gates.push({ kind: 'command', command, timeoutS });
    else wrong('commands', 'A command has from 1 s to 600 s.');
  }
  return gates;
}

function linesOf(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);
}
