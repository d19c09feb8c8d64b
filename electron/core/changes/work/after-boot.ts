import { installsPackages } from '#shared/lib/update/agent-names.ts';
import type { HostUpdate } from '#shared/contract/update.ts';
import type { HostWork } from '#shared/contract/work.ts';
import { baselineOf } from '../baseline.ts';
import { askGateOn } from '../gate-host.ts';
import { type GateVerdict, nameOf, readBaseline } from '../gates.ts';
import type { WorkHost } from './work-host.ts';

/** What was found of a host in its new system. */
export interface Found {
  readonly verdict: GateVerdict['verdict'];
  readonly text: string;
}

const lookEveryMs = 1000;
/** An agent marks its slot good a minute or two after the boot. */
const longestGoodMs = 300_000;
const longestUpMs = 120_000;
const startingStates: ReadonlySet<string> = new Set(['initializing', 'starting']);

/** Whether the host is well in the boot it came up in, or without one where its packages asked for none: the right version, in a slot that stays, and through all gates. */
export async function lookAfterBoot(host: WorkHost): Promise<Found> {
  const { tools, job } = host;
  const stayed = host.work.bootAfter === null;
  const stop = tools.watch(host.name);
  try {
    const update = job.kind === 'reboot' ? null : await readWhenUp(host);
    if (job.kind !== 'reboot') {
      if (!update) return { verdict: 'inconclusive', text: 'its update agent cannot be asked since the boot' };
      const wrong = wrongVersion(job, host.work, update);
      if (wrong !== null) return { verdict: 'fail', text: wrong };
      if (!stayed) host.note('boots', `${update.running}, boot ${host.work.bootAfter}`);
      if (host.work.to === null) await host.phase('verifying', { to: update.running });
      const bad = await waitForGood(host, update);
      if (bad !== null) return { verdict: 'fail', text: bad };
    } else host.note('boots', `boot ${host.work.bootAfter ?? ''}`);
    await waitForLink(host);
    if (!stayed) await waitUntilStarted(host);
    let unsure = '';
    const before = baselineOf(host.now.evidence);
    for (const gate of host.step.gates) {
      host.refuseWhenLost();
      if (stayed && gate.kind === 'new-in-boot') {
        host.note('gate left out', `${nameOf(gate)}: it did not boot`);
        continue;
      }
      let verdict = await askGateOn(tools, host.name, gate, before);
      if (verdict.cutOff) {
        host.note(`gate ${verdict.verdict}`, `${verdict.gate}: ${verdict.text}`);
        await waitForLink(host);
        verdict = await askGateOn(tools, host.name, gate, before);
      }
      const text = `${verdict.gate}: ${verdict.text}`;
      host.note(`gate ${verdict.verdict}`, text);
      if (verdict.verdict === 'fail') return { verdict: 'fail', text };
      if (verdict.verdict === 'inconclusive') unsure = text;
    }
    return unsure === '' ? { verdict: 'pass', text: '' } : { verdict: 'inconclusive', text: unsure };
  } finally {
    stop();
  }
}

/** Null when the host runs what it was to boot. Packages change no version: their agent says whether anything waits. */
export function wrongVersion(
  job: Exclude<HostWork, { kind: 'reboot' }>,
  work: { readonly from: string; readonly to: string | null },
  { running }: Pick<HostUpdate, 'running'>,
): string | null {
  if (work.to !== null && running !== work.to) return `it runs ${running}, not ${work.to}`;
  return work.to === null && running === work.from && !installsPackages(job.agent) ? `it still runs ${running}` : null;
}

/** The agent as it is in the new boot; null when it does not answer in time. */
export async function readWhenUp(host: WorkHost): Promise<HostUpdate | null> {
  const { tools } = host;
  const until = tools.around.now() + longestUpMs;
  for (;;) {
    const update = await host.update();
    if (update || tools.around.now() > until) return update;
    await tools.sleep(lookEveryMs);
  }
}

/** A slot that is not marked good is left again at the next boot. Null when it is good, or nothing can tell. */
async function waitForGood(host: WorkHost, first: HostUpdate): Promise<string | null> {
  if (host.job.kind === 'reboot' || host.job.agent !== 'update-engine') return null;
  const { tools } = host;
  const until = tools.around.now() + Math.min(longestGoodMs, host.policy.bootTimeoutS * 1000);
  for (let update: HostUpdate | null = first; ; update = await host.update()) {
    const slot = update?.slots.find(({ booted }) => booted);
    if (slot?.good === true) {
      host.note('slot good', `${slot.name} is marked successful`);
      return null;
    }
    if (update && !slot) {
      host.note('slot not read', 'whether the slot was marked successful takes root to read');
      return null;
    }
    if (tools.around.now() > until)
      return `the slot ${slot?.name ?? ''} was not marked successful: the next boot would leave it`;
    await tools.sleep(lookEveryMs);
  }
}

/** Health is judged by what is heard over the usual connection. */
async function waitForLink(host: WorkHost): Promise<void> {
  const { records, now } = host.tools.around;
  const until = now() + longestUpMs;
  for (;;) {
    const state = records.get('host', host.name, 'link')?.state;
    if (state === 'up' || now() > until) return;
    await host.tools.sleep(lookEveryMs / 4);
  }
}

/** sshd is up long before the rest: a host that is still starting is no worse than one that has started. */
async function waitUntilStarted(host: WorkHost): Promise<void> {
  const { around, sleep } = host.tools;
  const until = around.now() + Math.min(longestGoodMs, host.policy.bootTimeoutS * 1000);
  while (around.now() <= until) {
    host.refuseWhenLost();
    const now = await readBaseline(around.hosts.access(host.name), around.records).catch(() => null);
    if (now && now.system !== '' && !startingStates.has(now.system)) return;
    await sleep(lookEveryMs);
  }
}
