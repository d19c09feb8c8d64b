import { z } from 'zod';
import { fail, type ProblemError } from '#shared/contract/problem.ts';
import { holderId } from '#shared/contract/reboot-lock.ts';
import { cleanLine } from '#shared/lib/clean-text.ts';

/** Who asks; the group as the protocol allows it. */
const client = z.object({ id: holderId, group: z.string().regex(/^[a-zA-Z0-9.-]+$/, 'letters, digits, dots, dashes') });
export type FleetLockClient = z.infer<typeof client>;

const refusal = z.object({ kind: z.string().max(200), value: z.string().max(4000) });
const mostBytes = 65_536;
const timeoutMs = 5000;

/** A FleetLock server's two calls; both may be made again. */
export interface FleetLock {
  /** Takes a slot. Rejects with `busy` when the server refuses it for now, and its own words. */
  preReboot(client: FleetLockClient): Promise<void>;
  /** Gives it back. */
  steadyState(client: FleetLockClient): Promise<void>;
}

/** Speaks FleetLock with the server at `base`, as zincati's `updates.fleet_lock.base_url` names it. */
export function fleetLock(base: string, signal: AbortSignal): FleetLock {
  const root = URL.canParse(base) ? new URL(base.endsWith('/') ? base : `${base}/`) : null;
  if (!root || !/^https?:$/.test(root.protocol))
    throw fail('invalid-input', `${base} is no address of a FleetLock server`);
  const post = async (path: string, who: FleetLockClient) => {
    const url = new URL(path, root).href;
    const reply = await send(url, client.parse(who), signal);
    if (!reply.ok) throw refused(url, reply.status, await textOf(reply, url));
    await reply.body?.cancel();
  };
  return { preReboot: (who) => post('v1/pre-reboot', who), steadyState: (who) => post('v1/steady-state', who) };
}

async function send(url: string, who: FleetLockClient, signal: AbortSignal): Promise<Response> {
  try {
    return await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'fleet-lock-protocol': 'true' },
      body: JSON.stringify({ client_params: { id: who.id, group: who.group } }),
      // Followed, the slot would be another server's.
      redirect: 'error',
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
    });
  } catch (error) {
    throw silent(url, error);
  }
}

async function textOf(reply: Response, url: string): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const chunk of reply.body ?? []) {
      length += chunk.length;
      if (length > mostBytes) throw fail('protocol', `${url}: the answer has more than 64 KB`);
      chunks.push(chunk);
    }
  } catch (error) {
    throw silent(url, error);
  }
  return Buffer.concat(chunks).toString();
}

function silent(url: string, error: unknown): Error {
  if (error instanceof Error && 'problem' in error) return error;
  const { name, message, cause } = error as Error;
  if (name === 'TimeoutError') return fail('timeout', `${url}: no answer in time`);
  if (name === 'AbortError') return fail('cancelled', `${url}: given up`);
  return fail('unreachable', `${url}: ${cause instanceof Error ? cause.message : message}`.slice(0, 500));
}

/** The protocol's errors are JSON, whatever their Content-Type says. */
function refused(url: string, status: number, text: string): ProblemError {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = null;
  }
  const { data } = refusal.safeParse(value);
  if (!data) return fail('protocol', `${url}: answered ${status} without a FleetLock error`);
  const words = `${url}: ${cleanLine(data.value)} (${cleanLine(data.kind)})`;
  return fail(data.kind === 'failed_lock' ? 'busy' : 'refused', words);
}
