import { createHmac } from 'node:crypto';

/** The application that zincati's node ids are made for. */
const application = Buffer.from('de35106b6ec24688b63afddaa156679b', 'hex');

/**
 * A host's node id as zincati makes it when its configuration names none: systemd's application-specific id of the
 * machine id (an HMAC that does not give the machine id away), marked as a random UUID. Null for no machine id.
 */
export function zincatiId(machineId: string): string | null {
  if (!/^[0-9a-f]{32}$/.test(machineId)) return null;
  const id = createHmac('sha256', Buffer.from(machineId, 'hex')).update(application).digest().subarray(0, 16);
  id[6] = ((id[6] ?? 0) & 0x0f) | 0x40;
  id[8] = ((id[8] ?? 0) & 0x3f) | 0x80;
  return id.toString('hex');
}

/** An id without dashes and in small letters, as both kinds are compared. */
export function plainId(id: string): string {
  return id.replaceAll('-', '').toLowerCase();
}
