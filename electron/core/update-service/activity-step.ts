import { randomBytes } from 'node:crypto';
import type { ServiceActivity } from '#shared/contract/update-service.ts';
import type { StoreStep } from '../changes/journal-store.ts';
import { keys, storedText } from './stored.ts';

/** Writes an entry of the activity down, in the order of time. */
export function activityStep(entry: ServiceActivity): StoreStep {
  const key = `${keys.activity}${String(entry.at).padStart(15, '0')}-${randomBytes(4).toString('hex')}`;
  return { put: key, value: storedText(entry) };
}
