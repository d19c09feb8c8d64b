import type { z } from 'zod';
import { changeCalls } from './change-calls.ts';
import { clusterCalls } from './cluster-calls.ts';
import { unitCalls } from './unit-calls.ts';
import { updateCalls } from './update-calls.ts';

/** Every call a view can make. */
export const calls = { ...clusterCalls, ...unitCalls, ...changeCalls, ...updateCalls } as const;

export type CallName = keyof typeof calls;
export type CallInput<N extends CallName> = z.infer<(typeof calls)[N]['input']>;
export type CallOutput<N extends CallName> = z.infer<(typeof calls)[N]['output']>;
