import type { UnitVerb } from '#shared/contract/unit.ts';

/** Verbs as buttons say them. */
export const verbWords: Record<UnitVerb, string> = {
  start: 'Start',
  stop: 'Stop',
  restart: 'Restart',
  reload: 'Reload',
  enable: 'Enable',
  disable: 'Disable',
  'reset-failed': 'Reset failed',
};

/** The verbs that mean something for a unit in this state; an unknown file state allows both enable and disable. */
export function verbsFor(active: string, fileState: string): UnitVerb[] {
  const verbs: UnitVerb[] = ['restart'];
  const isUp = active === 'active' || active === 'activating' || active === 'reloading';
  verbs.push(isUp ? 'stop' : 'start');
  if (isUp) verbs.push('reload');
  if (active === 'failed') verbs.push('reset-failed');
  const fixed = ['static', 'masked', 'generated', 'transient', 'indirect'];
  if (!fixed.includes(fileState)) {
    if (fileState !== 'enabled') verbs.push('enable');
    if (fileState !== 'disabled') verbs.push('disable');
  }
  return verbs;
}
