import { Records } from '#core/fleet/records.ts';

export const records = new Records();
