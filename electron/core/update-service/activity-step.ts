import { randomBytes } from 'node:crypto';
import type { ServiceActivity } from '#shared/contract/update-service.ts';
import type { StoreStep } from '../changes/journal-store.ts';
import { keys, storedText } from './stored.ts';

/** Writes an entry of the activity down, in the order of time, and of those of one moment in theirs. */
export function activityStep(entry: ServiceActivity, order = 0): StoreStep {
  const key = `${keys.activity}${String(entry.at).padStart(15, '0')}-${order}-${randomBytes(4).toString('hex')}`;
  return { put: key, value: storedText(entry) };
}
