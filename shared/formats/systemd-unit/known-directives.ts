import {
  journaldSections,
  linkSections,
  logindSections,
  managerSections,
  networkdSections,
  resolvedSections,
  timesyncdSections,
} from './daemon-directives.ts';
import { networkSections, netdevSections, type SectionAbout, sharedPages, unitSections } from './directives.ts';

/** Which of systemd's files a text is; `manager` is system.conf and user.conf. */
export const systemdFiles = [
  'unit',
  'network',
  'netdev',
  'link',
  'journald',
  'resolved',
  'timesyncd',
  'logind',
  'networkd',
  'manager',
] as const;
export type SystemdFile = (typeof systemdFiles)[number];

/** Whether it is one of systemd's files. */
export function isSystemdFile(language: string): language is SystemdFile {
  return (systemdFiles as readonly string[]).includes(language);
}

/** A directive: where it is documented, as `systemd.exec(5)`, and its values when they are few. */
export interface Directive {
  readonly name: string;
  readonly page: string;
  readonly values: readonly string[] | null;
}

const tables: Readonly<Record<SystemdFile, Readonly<Record<string, SectionAbout>>>> = {
  unit: unitSections,
  network: networkSections,
  netdev: netdevSections,
  link: linkSections,
  journald: journaldSections,
  resolved: resolvedSections,
  timesyncd: timesyncdSections,
  logind: logindSections,
  networkd: networkdSections,
  manager: managerSections,
};

const keyActions =
  'ignore poweroff reboot halt kexec suspend hibernate hybrid-sleep suspend-then-hibernate lock factory-reset';

/** Values of directives that take one of a few words, by section and name. */
const fewValues: Readonly<Record<string, string>> = {
  'Service.Type': 'simple exec forking oneshot dbus notify notify-reload idle',
  'Service.Restart': 'no always on-success on-failure on-abnormal on-abort on-watchdog',
  'Service.NotifyAccess': 'none main exec all',
  'Service.KillMode': 'control-group mixed process none',
  'Service.ProtectSystem': 'yes no full strict',
  'Service.ProtectHome': 'yes no read-only tmpfs',
  'Service.OOMPolicy': 'continue stop kill',
  'Service.RuntimeDirectoryPreserve': 'yes no restart',
  'Unit.CollectMode': 'inactive inactive-or-failed',
  'Unit.FailureAction':
    'none reboot reboot-force reboot-immediate poweroff poweroff-force poweroff-immediate exit exit-force',
  'Network.DHCP': 'yes no ipv4 ipv6',
  'Network.LinkLocalAddressing': 'yes no ipv4 ipv6 fallback ipv4-fallback',
  'Journal.Storage': 'volatile persistent auto none',
  'Journal.SplitMode': 'uid none',
  'Journal.ForwardToSyslog': 'yes no',
  'Journal.ForwardToKMsg': 'yes no',
  'Journal.ForwardToConsole': 'yes no',
  'Journal.ForwardToWall': 'yes no',
  'Journal.ReadKMsg': 'yes no',
  'Journal.Seal': 'yes no',
  'Resolve.LLMNR': 'yes no resolve',
  'Resolve.MulticastDNS': 'yes no resolve',
  'Resolve.DNSSEC': 'yes no allow-downgrade',
  'Resolve.DNSOverTLS': 'yes no opportunistic',
  'Resolve.Cache': 'yes no no-negative',
  'Resolve.DNSStubListener': 'yes no udp tcp',
  'Resolve.ReadEtcHosts': 'yes no',
  'Login.KillUserProcesses': 'yes no',
  'Login.RemoveIPC': 'yes no',
  'Login.IdleAction': keyActions,
  'Login.HandlePowerKey': keyActions,
  'Login.HandlePowerKeyLongPress': keyActions,
  'Login.HandleRebootKey': keyActions,
  'Login.HandleSuspendKey': keyActions,
  'Login.HandleHibernateKey': keyActions,
  'Login.HandleLidSwitch': keyActions,
  'Login.HandleLidSwitchDocked': keyActions,
  'Login.HandleLidSwitchExternalPower': keyActions,
  'Manager.DefaultOOMPolicy': 'continue stop kill',
  'Manager.StatusUnitFormat': 'name description combined',
  'Manager.LogLevel': 'emerg alert crit err warning notice info debug 0 1 2 3 4 5 6 7',
  'Manager.DefaultCPUAccounting': 'yes no',
  'Manager.DefaultMemoryAccounting': 'yes no',
  'Manager.DefaultTasksAccounting': 'yes no',
  'Manager.DefaultIOAccounting': 'yes no',
  'Manager.DefaultIPAccounting': 'yes no',
  'Link.MACAddressPolicy': 'persistent random none',
  'Link.Duplex': 'half full',
  'Link.ActivationPolicy': 'up always-up manual always-down down bound',
};

const words = (text: string): string[] => text.split(/\s+/).filter(Boolean);
const known = new Map<string, ReadonlyMap<string, Directive>>();

/** Sections that may stand in such a file. */
export function sectionsOf(file: SystemdFile): string[] {
  return Object.keys(tables[file]);
}

/** The manual page that documents a section, as `systemd.service`; null for a section that is not known. */
export function pageOf(file: SystemdFile, section: string): string | null {
  return Object.hasOwn(tables[file], section) ? (tables[file][section]?.page ?? null) : null;
}

/** The directives of a section by name; empty for a section that is not known. */
export function directivesOf(file: SystemdFile, section: string): ReadonlyMap<string, Directive> {
  const key = `${file} ${section}`;
  const before = known.get(key);
  if (before) return before;
  const about = Object.hasOwn(tables[file], section) ? tables[file][section] : undefined;
  const made = new Map<string, Directive>();
  const add = (names: string, page: string) => {
    for (const name of words(names)) {
      const few = fewValues[`${section}.${name}`];
      made.set(name, { name, page: `${page}(5)`, values: few === undefined ? null : words(few) });
    }
  };
  for (const page of about?.also ?? []) add(sharedPages[page], page);
  if (about) add(about.names, about.page);
  if (about) known.set(key, made);
  return made;
}
