import { z } from 'zod';
import type { HostUpdate, UpdatePhase } from '#shared/contract/update.ts';
import { cleanLine } from '#shared/lib/clean-text.ts';

/** What update_engine says of itself, over the bus or by its client. */
export interface EngineStatus {
  readonly lastCheckedS: number;
  readonly progress: number;
  readonly operation: string;
  readonly version: string | null;
  readonly sizeBytes: number;
}

const lasting = z.number().int().min(0).max(1e11);
const status = z.object({
  lastCheckedS: lasting,
  progress: z.number().min(0).max(1),
  operation: z.string().min(1).max(100),
  version: z.string().max(100),
  sizeBytes: z.number().int().min(0).max(1e15),
});

function checked(value: unknown): EngineStatus | null {
  const parsed = status.safeParse(value);
  if (!parsed.success) return null;
  const { version, operation, ...rest } = parsed.data;
  const none = /^0(\.0)*$/.test(version) || version === '';
  return { ...rest, operation: cleanLine(operation, 100), version: none ? null : cleanLine(version, 100) };
}

/** Reads the arguments of GetStatus and StatusUpdate; null for anything else. */
export function statusOfBus(body: readonly unknown[]): EngineStatus | null {
  const [at, progress, operation, version, size] = body;
  if (typeof at !== 'bigint' || typeof size !== 'bigint') return null;
  return checked({ lastCheckedS: Number(at), progress, operation, version, sizeBytes: Number(size) });
}

/** Reads the block of `update_engine_client -status`; null when it is not one. */
export function statusOfClient(lines: readonly string[]): EngineStatus | null {
  const value = (key: string) => lines.find((line) => line.startsWith(`${key}=`))?.slice(key.length + 1) ?? '';
  const figure = (text: string) => (/^\d{1,16}(\.\d{1,12})?$/.test(text) ? Number(text) : Number.NaN);
  return checked({
    lastCheckedS: figure(value('LAST_CHECKED_TIME')),
    progress: figure(value('PROGRESS')),
    operation: value('CURRENT_OP'),
    version: value('NEW_VERSION'),
    sizeBytes: figure(value('NEW_SIZE')),
  });
}

const prefix = 'UPDATE_STATUS_';
const phases: Readonly<Record<string, UpdatePhase>> = {
  IDLE: 'idle',
  CHECKING_FOR_UPDATE: 'checking',
  UPDATE_AVAILABLE: 'available',
  DOWNLOADING: 'downloading',
  VERIFYING: 'finalizing',
  FINALIZING: 'finalizing',
  UPDATED_NEED_REBOOT: 'staged',
  REPORTING_ERROR_EVENT: 'failed',
};

function phaseOf(operation: string): UpdatePhase {
  const word = operation.startsWith(prefix) ? operation.slice(prefix.length) : '';
  return Object.hasOwn(phases, word) ? (phases[word] ?? 'unknown') : 'unknown';
}

function sentence(phase: UpdatePhase, { operation, version, progress, sizeBytes, lastCheckedS }: EngineStatus): string {
  const what = version ?? 'an update';
  switch (phase) {
    case 'idle':
      return lastCheckedS > 0 ? 'No update is pending.' : 'No update is pending; it has not checked since it started.';
    case 'checking':
      return 'Asks the update server.';
    case 'available':
      return `${what} is offered and about to be downloaded.`;
    case 'downloading': {
      const size = sizeBytes > 0 ? ` of ${Math.round(sizeBytes / 1e6)} MB` : '';
      return `Downloads ${what}: ${Math.floor(progress * 100)} %${size}.`;
    }
    case 'finalizing':
      return `Verifies ${what} and prepares the other slot.`;
    case 'staged':
      return `${version ?? 'The update'} is in the other slot and waits for a reboot.`;
    case 'failed':
      return version === null
        ? 'The attempt failed; the server is being told.'
        : `The update to ${version} failed; the server is being told.`;
    case 'disabled':
      return 'Updates are switched off.';
    default:
      return `It says ${operation}, which is not known here.`;
  }
}

/** An update section with what update_engine said now; switched-off updates stay so while nothing happens. */
export function withStatus(before: HostUpdate, now: EngineStatus): HostUpdate {
  const told = phaseOf(now.operation);
  const phase = told === 'idle' && before.server === null && before.phase === 'disabled' ? 'disabled' : told;
  return {
    ...before,
    agentState: 'running',
    phase,
    phaseText: sentence(phase, now),
    progress: phase === 'downloading' ? now.progress : null,
    // A daemon started anew with the update in place no longer knows its version.
    offered: now.version ?? (phase === 'staged' ? before.offered : null),
    lastCheckAt: now.lastCheckedS > 0 ? now.lastCheckedS * 1000 : null,
    rebootNeeded: phase === 'staged',
  };
}
