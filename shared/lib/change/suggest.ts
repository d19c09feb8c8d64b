import { type Gate, takesUnit, type UnitStep, unitStepVerbs } from '../../contract/change.ts';

interface Rule {
  readonly matches: RegExp;
  readonly steps: (found: RegExpExecArray) => UnitStep[];
}

const reload: UnitStep = { verb: 'daemon-reload', unit: null };
const unitPattern = '([^/]+\\.(?:service|socket|mount|automount|swap|path|timer))';
const restart = (unit: string) => (): UnitStep[] => [{ verb: 'restart', unit }];

/**
 * By path, the first rule that matches. A service has the name here that it has on Debian; a plan says for each host which
 * name it has there, and which instances of a template run there.
 */
const rules: readonly Rule[] = [
  // What only groups others is read anew; to restart it would restart or stop all of them.
  {
    matches: /^\/etc\/systemd\/system\/[^/]+\.(?:target|slice)(?:\.d\/[^/]+\.conf)?$/,
    steps: () => [reload],
  },
  {
    matches: new RegExp(`^/etc/systemd/system/${unitPattern}$`),
    steps: ([, unit = '']) => [reload, { verb: 'restart', unit }],
  },
  {
    matches: new RegExp(`^/etc/systemd/system/${unitPattern}\\.d/[^/]+\\.conf$`),
    steps: ([, unit = '']) => [reload, { verb: 'restart', unit }],
  },
  { matches: /^\/etc\/hostname$/, steps: () => [{ verb: 'set-hostname', unit: null }] },
  { matches: /^\/etc\/ssh\/sshd_config/, steps: () => [{ verb: 'reload-or-restart', unit: 'ssh.service' }] },
  { matches: /^\/etc\/sysctl(\.d\/|\.conf$)/, steps: restart('systemd-sysctl.service') },
  { matches: /^\/etc\/systemd\/network\//, steps: () => [{ verb: 'reload', unit: 'systemd-networkd.service' }] },
  { matches: /^\/etc\/systemd\/networkd\.conf/, steps: restart('systemd-networkd.service') },
  { matches: /^\/etc\/systemd\/resolved\.conf/, steps: restart('systemd-resolved.service') },
  { matches: /^\/etc\/systemd\/timesyncd\.conf/, steps: restart('systemd-timesyncd.service') },
  { matches: /^\/etc\/systemd\/journald\.conf/, steps: restart('systemd-journald.service') },
  { matches: /^\/etc\/systemd\/logind\.conf/, steps: () => [{ verb: 'reload', unit: 'systemd-logind.service' }] },
  { matches: /^\/etc\/nginx\//, steps: () => [{ verb: 'reload', unit: 'nginx.service' }] },
  { matches: /^\/etc\/chrony(\/|\.d\/|\.conf$)/, steps: restart('chrony.service') },
  { matches: /^\/etc\/(flatcar|coreos)\/update\.conf$/, steps: restart('update-engine.service') },
  { matches: /^\/etc\/zincati\//, steps: restart('zincati.service') },
  { matches: /^\/etc\/docker\/daemon\.json$/, steps: () => [{ verb: 'reload-or-restart', unit: 'docker.service' }] },
];

/** The unit steps after which a change of this file usually holds; none when the file is read each time or is unknown. */
export function suggestedSteps(path: string): UnitStep[] {
  for (const { matches, steps } of rules) {
    const found = matches.exec(path);
    if (found) return steps(found);
  }
  return [];
}

/** Each unit that is made to run again must be up, and stay so; the system must be no worse than before. */
export function suggestedGates(steps: readonly UnitStep[], settleS = 5): Gate[] {
  const verbs: ReadonlySet<UnitStep['verb']> = new Set(['restart', 'reload', 'reload-or-restart', 'start']);
  const oneshot = /^systemd-sysctl\.service$|\.(timer|target|mount|socket|path|slice)$/;
  const units = new Set(steps.flatMap(({ verb, unit }) => (unit !== null && verbs.has(verb) ? [unit] : [])));
  return [
    ...[...units].map((unit): Gate => ({ kind: 'unit-active', unit, settleS: oneshot.test(unit) ? 0 : settleS })),
    { kind: 'system-running' },
    { kind: 'health' },
  ];
}

/** Reads `restart nginx.service` or `daemon-reload`, one a line; null when a line is something else. */
export function readSteps(text: string, isUnit: (name: string) => boolean): UnitStep[] | { readonly wrong: string } {
  const steps: UnitStep[] = [];
  for (const line of text.split('\n')) {
    const words = line.trim().split(/\s+/).filter(Boolean);
    if (words.length === 0) continue;
    const [verb = '', name] = words;
    const known = unitStepVerbs.find((one) => one === verb);
    if (!known || words.length > 2) return { wrong: line.trim() };
    if (!takesUnit(known)) {
      if (name !== undefined) return { wrong: line.trim() };
      steps.push({ verb: known, unit: null });
      continue;
    }
    const unit = name === undefined ? '' : name.includes('.') ? name : `${name}.service`;
    if (!isUnit(unit)) return { wrong: line.trim() };
    steps.push({ verb: known, unit });
  }
  return steps;
}

/** One step a line, as `readSteps` reads them. */
export function printSteps(steps: readonly UnitStep[]): string {
  return steps.map(({ verb, unit }) => (unit === null ? verb : `${verb} ${unit}`)).join('\n');
}
