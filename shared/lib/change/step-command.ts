import type { UnitStep } from '../../contract/change.ts';

/** A step as a person would type it; the unit's name goes through `quote`, for shells. */
export function stepCommand({ verb, unit }: UnitStep, quote: (word: string) => string = (word) => word): string {
  if (verb === 'set-hostname') return 'hostname "$(cat /etc/hostname)"';
  return unit === null ? `systemctl ${verb}` : `systemctl ${verb} ${quote(unit)}`;
}
