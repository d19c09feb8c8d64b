import type { KeyShape, SchemaKey } from '../schema-keys.ts';

/** A key of Ignition 3 as Butane spells it; `since` is the minor version of Ignition 3 that brought it. */
export interface ProvisionKey extends SchemaKey {
  readonly keys?: readonly ProvisionKey[];
  readonly pattern?: RegExp;
  readonly since?: number;
  /** The minor version of the variant fcos that brought it, where it is of Butane and no other variant has it. */
  readonly fcosSince?: number;
  /** Where alone it can be written: Butane's YAML, Ignition's JSON, or the JSON of Ignition 2. */
  readonly only?: 'butane' | 'json' | 'two';
  readonly not?: 'flatcar';
}

/** What a text is written in: the major and minor version of Ignition, and for Butane its variant and own minor version. */
export interface Target {
  readonly spelling: 'butane' | 'json';
  readonly major: 2 | 3;
  readonly minor: number;
  readonly variant: 'fcos' | 'flatcar' | null;
  readonly own: number;
}

/** The keys as a target spells them, those of later versions marked as unavailable. */
export function shapesFor(keys: readonly ProvisionKey[], target: Target): KeyShape[] {
  return keys.flatMap((one): KeyShape[] => {
    const { key, type, doc, values, deprecated, pattern, keys: below } = one;
    if (one.only === 'two' ? target.major !== 2 : one.only !== undefined && one.only !== target.spelling) return [];
    if (one.fcosSince !== undefined && target.variant !== 'fcos') return [];
    const unavailable = whyNot(one, target);
    return [
      {
        key: target.spelling === 'json' ? camel(key) : key,
        type,
        doc,
        ...(values && { values }),
        ...(deprecated !== undefined && { deprecated }),
        ...(pattern && { pattern }),
        ...(below && { keys: shapesFor(below, target) }),
        ...(unavailable !== null && { unavailable }),
      },
    ];
  });
}

/** A key of Butane as Ignition spells it. */
export function camel(key: string): string {
  return key.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()).replace(/Mib$/, 'MiB');
}

const fcosOf = ['1.0.0', '1.1.0', '1.2.0', '1.4.0', '1.5.0', '1.6.0', '1.7.0'];

function whyNot({ since = 0, fcosSince = 0, not }: ProvisionKey, target: Target): string | null {
  if (not !== undefined && not === target.variant) return `cannot be used in the variant ${not}`;
  if (target.major === 2) return null;
  if (fcosSince > target.own) return `needs version 1.${fcosSince}.0`;
  if (since <= target.minor) return null;
  if (target.spelling === 'json') return `needs version 3.${since}.0`;
  return `needs version ${target.variant === 'flatcar' ? `1.${since - 3}.0` : fcosOf[since]}`;
}
