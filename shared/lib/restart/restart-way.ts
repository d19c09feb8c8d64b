import { unitName } from '../../contract/ids.ts';
import type { HostRestarts, OldFilesUnit } from '../../contract/restart.ts';

/** How a unit comes to use its new files, and why it is better not restarted where that is not by a restart. */
export type RestartWay =
  | { readonly by: 'restart' }
  /** Only a reboot helps without harm. */
  | { readonly by: 'reboot'; readonly why: string }
  /** It ends by itself, or with what somebody else does. */
  | { readonly by: 'itself'; readonly why: string };

const reboot = (why: string): RestartWay => ({ by: 'reboot', why });
const itself = (why: string): RestartWay => ({ by: 'itself', why });

/** The first that fits counts; what fits none may be restarted. */
const ways: readonly (readonly [RegExp, RestartWay])[] = [
  [/^init\.scope$/, reboot('it is systemd itself')],
  [/^dbus(-broker)?\.service$/, reboot('everything on the bus would lose its connection')],
  [/^systemd-logind\.service$/, reboot('it keeps who is logged in')],
  [
    /^(gdm3?|sddm|lightdm|lxdm|xdm|wdm|slim|greetd|display-manager)\.service$/,
    reboot('it would end the session of whoever sits at the screen'),
  ],
  [/^(serial-|container-|console-)?getty@/, reboot('somebody may be logged in at it')],
  [
    /^(networking|ifup@.*|wpa_supplicant(@.*)?|openvswitch-switch|ovs-vswitchd)\.service$/,
    reboot('the network may go'),
  ],
  [/^(docker|containerd|lxcfs|crio)\.service$/, reboot('its containers may stop with it')],
  [/^session-[^.]{1,60}\.scope$/, itself('it ends when that person logs out')],
  [/^user@\d+\.service$/, itself('it ends when that person has logged out')],
  [
    /^(docker-|libpod-|cri-|crio-|machine-|lxc-|lxc\.)|^systemd-nspawn@/,
    itself('it is a container: its files are those of its image'),
  ],
  [
    /^(apt-daily(-upgrade)?|unattended-upgrades|dnf-automatic(-install)?|packagekit|quarterdeck-.{1,200})\.service$/,
    itself('it installs updates, and ends by itself'),
  ],
  [/\.scope$/, itself('a scope ends with what began it')],
];

/** How processes of this unit come to use what was installed. */
export function restartWay({ unit }: Pick<OldFilesUnit, 'unit'>): RestartWay {
  if (unit === '') return itself('no unit of systemd started it');
  const known = ways.find(([pattern]) => pattern.test(unit));
  if (known) return known[1];
  return unitName.safeParse(unit).success && unit.endsWith('.service')
    ? { by: 'restart' }
    : itself('this is no service that can be restarted');
}

/** The units of a host that a restart brings up to date. */
export function unitsToRestart(restarts: HostRestarts | undefined): string[] {
  return (restarts?.units ?? []).filter((one) => restartWay(one).by === 'restart').map(({ unit }) => unit);
}

/** Words of the filter `restart:`; empty where it is not known. */
export function restartNeeds(restarts: HostRestarts | undefined): ('units' | 'reboot' | 'no')[] {
  if (!restarts) return [];
  const ways = new Set(restarts.units.map((one) => restartWay(one).by));
  const needs = [
    ...(ways.has('restart') ? ['units' as const] : []),
    ...(ways.has('reboot') ? ['reboot' as const] : []),
  ];
  // What could not be looked at may be old as well.
  return needs.length > 0 || restarts.problem || restarts.sees === 'own' ? needs : ['no'];
}
