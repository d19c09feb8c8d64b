import type { Gate, UnitStep, Validator } from '../../contract/change.ts';
import { suggestedGates } from './suggest.ts';

/** What a person wants to be checked of each host, before and after. */
export interface Checks {
  readonly health: boolean;
  readonly system: boolean;
  /** Whether units that are made to run again must be active. */
  readonly units: boolean;
  readonly settleS: number;
  /** Null is what the text itself names. */
  readonly ports: readonly number[] | null;
  /** Empty for none. */
  readonly command: string;
  readonly timeoutS: number;
  /** A command that a copy of the file must pass before anything is changed; empty for none. */
  readonly validator: string;
}

export const defaultChecks: Checks = {
  health: true,
  system: true,
  units: true,
  settleS: 5,
  ports: null,
  command: '',
  timeoutS: 30,
  validator: '',
};

/** Gates for a host on which these steps are done; `named` are ports that the text of its file names. */
export function gatesOf(checks: Checks, steps: readonly UnitStep[], named: readonly number[]): Gate[] {
  const command = checks.command.trim();
  const suggested = suggestedGates(steps, checks.settleS).filter(
    ({ kind }) =>
      (kind === 'unit-active' && checks.units) ||
      (kind === 'system-running' && checks.system) ||
      (kind === 'health' && checks.health),
  );
  const own: Gate[] = [
    ...(checks.ports ?? named).map((port): Gate => ({ kind: 'port', port })),
    ...(command === '' ? [] : [{ kind: 'command' as const, command, timeoutS: checks.timeoutS }]),
  ];
  // Health takes longest to tell.
  return [
    ...suggested.filter(({ kind }) => kind !== 'health'),
    ...own,
    ...suggested.filter(({ kind }) => kind === 'health'),
  ];
}

/** The check of a file that a person declared. */
export function validatorsOf({ validator }: Checks, path: string): Validator[] {
  const command = validator.trim();
  return command === '' ? [] : [{ name: 'declared check', when: 'staged', path, command }];
}

/** Ports that a text says its service listens on: those of sshd, the only ones to lock oneself out by. */
export function portsNamedIn(path: string, text: string): number[] {
  if (!/^\/etc\/ssh\/sshd_config(\.d\/[^/]+\.conf)?$/.test(path)) return [];
  const found = [...text.matchAll(/^[ \t]*Port[ \t=]+"?(\d{1,5})"?[ \t]*$/gim)].map(([, port]) => Number(port));
  return [...new Set(found)].filter(isPort);
}

const isPort = (port: number) => Number.isInteger(port) && port >= 1 && port <= 65_535;

/** Reads `22, 8080`; what is no port is named. */
export function readPorts(text: string): number[] | { readonly wrong: string } {
  const ports: number[] = [];
  for (const word of text.split(/[\s,;]+/).filter((one) => one !== '')) {
    if (!/^\d{1,5}$/.test(word) || !isPort(Number(word))) return { wrong: word };
    ports.push(Number(word));
  }
  return [...new Set(ports)].slice(0, 20);
}
