import { networkSections, netdevSections, type SectionAbout, sharedPages, unitSections } from './directives.ts';

/** Which of systemd's files a text is. */
export type SystemdFile = 'unit' | 'network' | 'netdev';

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
};

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
