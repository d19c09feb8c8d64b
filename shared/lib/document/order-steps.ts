import type { UnitStep } from '../../contract/change.ts';
import type { Bundle, BundleFile, BundleUnit } from '../../formats/provision/bundle.ts';
import { suggestedSteps } from '../change/suggest.ts';

const setHostname: UnitStep = { verb: 'set-hostname', unit: null };

/**
 * What is done after the files of a bundle changed, each step once: units are read again, the host is named, accounts made,
 * units masked and enabled, networks and other files taken up, and at last the commands in the order of the text.
 */
export function orderSteps(bundle: Bundle, accounts: string | null, files: readonly BundleFile[]): UnitStep[] {
  const { units, steps } = bundle;
  const spoken = new Set([...units.map(({ name }) => name), ...steps.map(({ unit }) => unit), accounts]);
  const suggested = files
    .flatMap(({ path }) => suggestedSteps(path))
    .filter(({ verb, unit }) => verb !== 'daemon-reload' && !spoken.has(unit) && !isTemplate(unit));
  const all: UnitStep[] = [
    ...(files.some(({ path }) => /^\/(etc|run)\/systemd\/system\//.test(path)) ? [reload] : []),
    ...(files.some(({ path }) => path === '/etc/hostname') ? [setHostname] : []),
    ...(accounts === null ? [] : [{ verb: 'restart', unit: accounts } as const]),
    ...units.flatMap(maskStep),
    ...units.flatMap(enableStep),
    ...suggested,
    ...units.flatMap(({ name, command }) =>
      command === null || isTemplate(name) ? [] : [{ verb: command, unit: name } as const],
    ),
    ...steps,
  ];
  const seen = new Set<string>();
  return all.filter(({ verb, unit }) => {
    const key = `${verb} ${unit}`;
    return !seen.has(key) && seen.add(key) !== undefined;
  });
}

const reload: UnitStep = { verb: 'daemon-reload', unit: null };

/** A template is no unit that can be started; its instances are. */
function isTemplate(name: string | null): boolean {
  return name !== null && name.includes('@.');
}

function maskStep({ name, mask }: BundleUnit): UnitStep[] {
  return mask === null ? [] : [{ verb: mask ? 'mask' : 'unmask', unit: name }];
}

function enableStep({ name, enable, mask }: BundleUnit): UnitStep[] {
  return enable === null || mask === true ? [] : [{ verb: enable ? 'enable' : 'disable', unit: name }];
}
