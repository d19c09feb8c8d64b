import { createHash, createHmac } from 'node:crypto';
import { putKeys } from './put-keys.ts';

/** Puts airlock's semaphores: of the group `workers` one slot is in use and one is left by a host that was taken away. */
export async function seedLocks(endpoint: string, machineId: string | null): Promise<void> {
  const removed = createHash('md5').update('a host that is no more').digest('hex');
  const holders = [removed, ...(machineId === null ? [] : [nodeId(machineId)])].toSorted();
  await putKeys(endpoint, [
    ['com.coreos.airlock/groups/default/v1/semaphore', JSON.stringify({ total_slots: 1, holders: [] })],
    ['com.coreos.airlock/groups/workers/v1/semaphore', JSON.stringify({ total_slots: 2, holders })],
  ]);
}

/** As zincati names a node: an application-specific id of the machine id. */
function nodeId(machineId: string): string {
  const application = Buffer.from('de35106b6ec24688b63afddaa156679b', 'hex');
  const digest = createHmac('sha256', Buffer.from(machineId, 'hex')).update(application).digest();
  digest[6] = ((digest[6] ?? 0) & 0x0f) | 0x40;
  digest[8] = ((digest[8] ?? 0) & 0x3f) | 0x80;
  return digest.subarray(0, 16).toString('hex');
}
