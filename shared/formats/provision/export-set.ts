import type { UnitStep } from '#shared/contract/change.ts';
import { unitName } from '#shared/contract/ids.ts';
import type { Bundle, BundleFile, BundleGroup, BundleUnit, BundleUser } from './bundle.ts';
import type { Dollars } from './scalar.ts';

/** A text to be written, and how names of addresses in it are. */
export interface ExportText {
  readonly content: string;
  readonly dollars: Dollars;
}

/** A file of an export. */
export interface ExportFile extends ExportText {
  readonly path: string;
  readonly mode: string;
  readonly owner: { readonly uid: number; readonly gid: number };
}

/** All that is said of a unit, with its files. */
export interface ExportUnit {
  readonly name: string;
  contents: ExportText | null;
  readonly dropIns: (ExportText & { readonly name: string })[];
  mask: boolean | null;
  enable: boolean | null;
  readonly commands: UnitStep['verb'][];
}

/** Several bundles as one, with what could not be kept in words. */
export interface ExportSet {
  readonly files: ExportFile[];
  readonly units: ExportUnit[];
  readonly users: BundleUser[];
  readonly groups: BundleGroup[];
  readonly notes: string[];
}

const unitPath = /^\/etc\/systemd\/system\/([^/]+)$/;
const dropInPath = /^\/etc\/systemd\/system\/([^/]+)\.d\/([A-Za-z0-9:_.@-]+\.conf)$/;

/** Bundles as one set, in their order; where two write one path, or say one account, the note tells which counts. */
export function exportSet(bundles: readonly { name: string; bundle: Bundle; dollars: Dollars }[]): ExportSet {
  const notes: string[] = [];
  const files = new Map<string, { from: string; file: ExportFile }>();
  const units = new Map<string, ExportUnit>();
  const users = new Map<string, BundleUser>();
  const groups = new Map<string, BundleGroup>();
  for (const { name, bundle, dollars } of bundles) {
    for (const file of bundle.files) {
      const before = files.get(file.path);
      if (before) notes.push(`${file.path} is in ${before.from} and in ${name}; that of ${name} counts.`);
      files.set(file.path, { from: name, file: { ...withDefaults(file), dollars } });
    }
    for (const unit of bundle.units) takeUnit(unitOf(units, unit.name), unit);
    for (const step of bundle.steps) takeStep(units, step);
    for (const user of bundle.users) {
      const before = users.get(user.name);
      if (before) notes.push(`The account ${user.name} is in several documents; it gets the keys and groups of all.`);
      users.set(user.name, before ? joined(before, user) : user);
    }
    for (const group of bundle.groups) groups.set(group.name, group);
    for (const { what, line } of bundle.firstBoot) notes.push(`Left out (${name}, line ${line}): ${what}.`);
  }
  const others: ExportFile[] = [];
  for (const { file } of files.values()) if (!takeFile(units, file)) others.push(file);
  return { files: others, units: [...units.values()], users: [...users.values()], groups: [...groups.values()], notes };
}

function withDefaults({ path, content, mode, owner }: BundleFile): Omit<ExportFile, 'dollars'> {
  return {
    path,
    content,
    mode: mode === null ? '644' : mode.replace(/^0+(?=\d{3})/, ''),
    owner: owner ?? { uid: 0, gid: 0 },
  };
}

/** Makes a file a part of its unit, where the formats have a place for it; an empty unit file has none. */
function takeFile(units: Map<string, ExportUnit>, { path, content, dollars, mode, owner }: ExportFile): boolean {
  if (mode !== '644' || owner.uid !== 0 || owner.gid !== 0 || content === '') return false;
  const [, name = ''] = unitPath.exec(path) ?? [];
  if (unitName.safeParse(name).success && !name.startsWith('.')) {
    const unit = unitOf(units, name);
    if (unit.mask === true) return false;
    unit.contents = { content, dollars };
    return true;
  }
  const [, of = '', dropIn = ''] = dropInPath.exec(path) ?? [];
  if (!unitName.safeParse(of).success || of.startsWith('.') || dropIn.startsWith('.')) return false;
  const unit = unitOf(units, of);
  if (unit.mask === true) return false;
  unit.dropIns.push({ name: dropIn, content, dollars });
  return true;
}

function unitOf(units: Map<string, ExportUnit>, name: string): ExportUnit {
  const known = units.get(name);
  if (known) return known;
  const unit: ExportUnit = { name, contents: null, dropIns: [], mask: null, enable: null, commands: [] };
  units.set(name, unit);
  return unit;
}

function takeUnit(unit: ExportUnit, { mask, enable, command }: BundleUnit): void {
  unit.mask = mask ?? unit.mask;
  unit.enable = enable ?? unit.enable;
  if (command !== null && !unit.commands.includes(command)) unit.commands.push(command);
}

function takeStep(units: Map<string, ExportUnit>, { verb, unit: name }: UnitStep): void {
  if (name === null) return;
  const unit = unitOf(units, name);
  if (verb === 'mask' || verb === 'unmask') unit.mask = verb === 'mask';
  else if (verb === 'enable' || verb === 'disable') unit.enable = verb === 'enable';
  else if (!unit.commands.includes(verb)) unit.commands.push(verb);
}

function joined(before: BundleUser, user: BundleUser): BundleUser {
  return {
    ...before,
    ...user,
    keys: [...new Set([...before.keys, ...user.keys])],
    groups: [...new Set([...before.groups, ...user.groups])],
  };
}
