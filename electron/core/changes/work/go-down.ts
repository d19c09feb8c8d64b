import { toProblem } from '#shared/contract/problem.ts';
import type { RebootObstacle } from '#shared/contract/reboot.ts';
import { goesDownStep } from './turns.ts';
import type { WorkHost } from './work-host.ts';

/** How going down went: it came back in another boot, it waits again, or it did not come back. */
export type WentDown =
  | { readonly came: string }
  | { readonly came: null; readonly why: 'let-go' | 'away' | 'stayed'; readonly text: string };

export interface GoDown {
  /** The way back to an old system waits for the lock and the quorum alone, and for nobody's pause. */
  readonly back: boolean;
  /** Done to the host within the boot that is to end, after that was written down; may be done again. */
  readonly prepare: () => Promise<string>;
}

const lookEveryMs = 1000;
const waitEveryMs = 2000;
const longestWaitMs = 30_000;
/** A host that was told to go and is still there is told again: only this one boot can be meant. */
const againAfterMs = 20_000;
const guards: ReadonlySet<RebootObstacle['by']> = new Set(['mode', 'quorum', 'lock']);

/** Ends one boot of the host, once, and waits for the next. Where a boot was decided on already, goes on with that one. */
export async function goDown(host: WorkHost, how: GoDown): Promise<WentDown> {
  const { tools } = host;
  let boot = host.work.bootBefore;
  // What was decided may be under way already: nobody's pause takes it back.
  let free = how.back || (boot !== null && host.work.phase === 'rebooting');
  if (boot !== null) {
    const found = await firstBoot(host);
    if (found === null) return away(host);
    if (found !== boot) return { came: found };
  }
  for (;;) {
    const obstacle = await inTheWay(host, how.back, free);
    if (obstacle === 'let-go') return { came: null, why: 'let-go', text: '' };
    if (obstacle) {
      free = how.back;
      await waitFor(host, obstacle, how.back);
      continue;
    }
    boot ??= await firstBoot(host);
    if (boot === null) return { came: null, why: 'away', text: 'it could not be reached to be rebooted' };
    host.note(goesDownStep, `boot ${boot} is to end, decision ${host.decision}`);
    await host.phase(how.back ? 'rolling-back' : 'rebooting', { bootBefore: boot, bootAfter: null });
    const went = await endBoot(host, boot, how);
    if (went !== 'refused') return went;
    await tools.sleep(waitEveryMs);
  }
}

/** Null once nothing is in the way: then its turn and its slot of the lock are taken. `free` of what is asked of the change. */
async function inTheWay(host: WorkHost, back: boolean, free: boolean): Promise<RebootObstacle | 'let-go' | null> {
  const { tools, policy, name } = host;
  const { reboots, turns, around, plan } = tools;
  host.refuseWhenLost();
  if (!free && !tools.mayGoOn()) return 'let-go';
  // The rate is counted over the change, with what other consoles began of it.
  const asked = { ...policy, rate: null, ...(back ? { windows: null } : {}) };
  const found = await reboots.obstacles({ host: name, policy: asked, now: back });
  const obstacle = found.find(({ by }) => !back || guards.has(by)) ?? turns.take(name, around.now(), back);
  if (obstacle) {
    if (host.work.holdsLock) await host.giveLock();
    return obstacle;
  }
  // Somebody may have asked while the host was looked at.
  if (!free && !tools.mayGoOn()) return 'let-go';
  if (policy.lock === 'none') return null;
  const phase = back ? 'rolling-back' : 'waiting';
  await host.phase(phase, { holdsLock: true });
  const taken = await reboots.take(name, policy.lockGroup, plan.id).catch((error: unknown) => {
    const problem = toProblem(error);
    if (problem.code === 'internal') throw error;
    return { held: true, mayGo: false, text: problem.message };
  });
  if (!taken.held) await host.phase(phase, { holdsLock: false });
  if (taken.mayGo) return null;
  turns.giveBack(name);
  return { by: 'lock', text: taken.text, until: null };
}

async function waitFor(host: WorkHost, { by, text, until }: RebootObstacle, back: boolean): Promise<void> {
  const { tools, name } = host;
  await host.phase(back ? 'rolling-back' : 'waiting', { waitsFor: by }, text);
  if (by === 'person' && until === null) {
    const wait = `This host is about to reboot for ${tools.plan.title}. Save your work and log out.`;
    await tools.reboots.warn(name, wait, tools.password()).catch((error: unknown) => {
      host.note('not warned', toProblem(error).message);
    });
  }
  const left = until === null ? waitEveryMs : until - tools.around.now();
  const ms = Math.min(longestWaitMs, Math.max(waitEveryMs, left));
  await (back ? tools.sleep(ms) : tools.nap(ms));
}

/** The boot that the host is in, as soon as it tells; null when it does not within the time of a boot. */
async function firstBoot(host: WorkHost): Promise<string | null> {
  const { tools, policy } = host;
  const until = tools.around.now() + policy.bootTimeoutS * 1000;
  for (;;) {
    const boot = await host.bootId();
    if (boot !== null || tools.around.now() > until) return boot;
    await tools.sleep(lookEveryMs);
  }
}

async function endBoot(host: WorkHost, boot: string, how: GoDown): Promise<WentDown | 'refused'> {
  const { tools, policy, name } = host;
  const { around, ownership, reboots } = tools;
  const until = around.now() + policy.bootTimeoutS * 1000;
  let told = 0;
  let said = '';
  for (;;) {
    const found = await host.bootId();
    if (found !== null && found !== boot) return { came: found };
    if (found === boot && around.now() - told > againAfterMs) {
      let prepares = true;
      try {
        const prepared = await how.prepare();
        if (prepared !== '') host.note('prepared', prepared);
        prepares = false;
        const { bootTimeoutS } = policy;
        const order = { bootId: boot, decision: host.decision, token: ownership.token, bootTimeoutS };
        await reboots.reboot(name, { ...order, password: tools.password() });
        told = around.now();
      } catch (error) {
        const { code, message } = toProblem(error);
        if (code === 'internal' || code === 'cancelled' || (code === 'stale' && !prepares)) throw error;
        if (message !== said) host.note('not going down', message);
        said = message;
        const passes = code === 'lost' || code === 'unreachable' || code === 'timeout';
        if (prepares && !passes) return { came: null, why: 'stayed', text: message };
        // Another member of etcd went away this moment: it is waited for again.
        if (code === 'refused') return 'refused';
        if (code === 'permission' || code === 'authentication') return { came: null, why: 'stayed', text: message };
      }
    }
    if (around.now() > until) {
      if (found === boot) return { came: null, why: 'stayed', text: said || 'it was told to reboot and did not' };
      return away(host);
    }
    await tools.sleep(lookEveryMs);
  }
}

function away(host: WorkHost): WentDown {
  const held = host.work.holdsLock ? '; it keeps its slot of the reboot lock' : '';
  return { came: null, why: 'away', text: `it did not come back within ${host.policy.bootTimeoutS} s${held}` };
}
