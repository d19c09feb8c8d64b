import type { Gate, HostChange, PlannedStep } from '#shared/contract/change.ts';
import { baselineOf } from './baseline.ts';
import { askGateOn } from './gate-host.ts';
import { type GateVerdict, nameOf, startsAgain } from './gates.ts';
import type { HostCourseTools } from './host-course.ts';

/** How long a host that is away as it is looked at is waited for. */
const awayMs = 30_000;
const lookEveryMs = 1000;

/** What was found of a host that is no longer as well as when it was done, or of which that is not known. */
export interface FoundWorse {
  readonly verdict: 'fail' | 'inconclusive';
  /** The step under which it is written down. */
  readonly step: string;
  readonly text: string;
}

const lookedAgain = 'looked again:';

/** Whether what is not known of a host came up as it was looked at again, so that it was done before. */
export function wasDone({ evidence }: Pick<HostChange, 'evidence'>): boolean {
  const verdict = evidence.findLast(({ step }) => step.startsWith('gate ') || step.startsWith(lookedAgain));
  return verdict?.step === `${lookedAgain} inconclusive`;
}

/**
 * Asks the gates of a host that is done once more, after it had its time to show what ails it; null while it is as well as it
 * was then. Leaves nothing on the host. Rejects when the change is left meanwhile.
 */
export async function lookAgainAt(
  tools: HostCourseTools,
  step: PlannedStep,
  now: HostChange,
): Promise<FoundWorse | null> {
  const stop = tools.watch(now.host);
  try {
    let unsure: FoundWorse | null = null;
    for (const gate of step.gates) {
      // What a boot logged anew was judged once; the longer it is up, the more it logs.
      if (gate.kind === 'new-in-boot') continue;
      const found = await askOnceMore(tools, gate, now);
      const text = `${found.gate}, looked at again: ${found.text}`;
      const { verdict } = found;
      if (verdict === 'fail') return { verdict, step: `${lookedAgain} ${verdict}`, text };
      if (verdict === 'inconclusive') unsure = { verdict, step: `${lookedAgain} ${verdict}`, text };
    }
    return unsure;
  } finally {
    stop();
  }
}

async function askOnceMore(tools: HostCourseTools, gate: Gate, now: HostChange): Promise<GateVerdict> {
  // It has had its time to settle, and more.
  const asked = gate.kind === 'unit-active' ? { ...gate, settleS: 0 } : gate;
  const before = baselineOf(now.evidence);
  const until = tools.around.now() + awayMs;
  let found = await askGateOn(tools, now.host, asked, before);
  while (found.cutOff && tools.around.now() < until) {
    await tools.sleep(lookEveryMs);
    found = await askGateOn(tools, now.host, asked, before);
  }
  if (gate.kind !== 'unit-active' || found.verdict !== 'pass') return found;
  // One that systemd starts again and again looks well in between.
  const passed = now.evidence.findLast(
    ({ step, text }) => step === 'gate pass' && text.startsWith(`${nameOf(gate)}: `),
  );
  return startsAgain(found.text) > startsAgain(passed?.text ?? '') ? { ...found, verdict: 'fail' } : found;
}
