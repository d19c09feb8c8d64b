import type { BusValue, BusVariant } from './bus.ts';

/** A value with its own signature, for encoding where a signature says `v`. */
export function variant(signature: string, value: BusValue): BusVariant {
  return { signature, value };
}

/** The values inside an a{sv} argument, without their signatures; anything else gives an empty record. */
export function plainValues(value: BusValue | undefined): Record<string, BusValue> {
  const plain: Record<string, BusValue> = Object.create(null) as Record<string, BusValue>;
  if (!isDict(value)) return plain;
  for (const [key, entry] of Object.entries(value)) if (isVariant(entry)) plain[key] = entry.value;
  return plain;
}

/** True for a decoded `v`. */
export function isVariant(value: BusValue | undefined): value is BusVariant {
  return isDict(value) && typeof value['signature'] === 'string' && 'value' in value;
}

function isDict(value: BusValue | undefined): value is { [key: string]: BusValue } {
  return typeof value === 'object' && !Array.isArray(value) && !(value instanceof Uint8Array);
}
