import type { variantsOf } from './fold-unit.ts';

/** What one of a unit's texts is called: `as most have it`, then `differs`, numbered when several do. */
export function variantName(variants: ReturnType<typeof variantsOf>, variant: string): string {
  const at = variants.findIndex((one) => one.variant === variant);
  if (at === 0) return variants.length === 1 ? 'the same' : 'as most';
  return variants.length === 2 ? 'differs' : `differs (${at})`;
}
