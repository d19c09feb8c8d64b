import type { HostSpec } from '../world/roster.ts';
import type { SimulatedHost } from '../world/simulated-host.ts';
import { addToFolders, type FileTree, fileTreeOf } from './system-files.ts';

const mostWritten = 256 * 1024;
const secret = /^\/(?:etc\/(?:shadow|sudoers|ssh\/.*_key$)|root(?:\/|$))/;
const free = /^\/(?:tmp|var\/tmp|home\/core|dev\/shm)\//;

/** The files of one host: made up when they are read, with what somebody wrote kept in memory. */
export class SimulatedFiles {
  readonly #host: SimulatedHost;
  readonly #written = new Map<string, string>();
  readonly #writtenMs = new Map<string, number>();
  /** Folders that somebody made, and files of the tree that somebody removed. */
  readonly #made = new Set<string>();
  readonly #removed = new Set<string>();
  #size = 0;
  #known: { readonly spec: HostSpec; readonly tree: FileTree } | null = null;

  constructor(host: SimulatedHost) {
    this.#host = host;
  }

  /** Another release that was booted has another one. */
  get #tree(): FileTree {
    const { spec } = this.#host;
    if (this.#known?.spec !== spec) this.#known = { spec, tree: fileTreeOf(spec) };
    return this.#known.tree;
  }

  /** The text, or in words why there is none. */
  read(path: string, user: string): string | { readonly problem: string } {
    if (path === '/dev/null') return '';
    if (user !== 'root' && secret.test(path)) return { problem: 'Permission denied' };
    const text = this.#text(path);
    if (text !== null) return text;
    return { problem: this.list(path) ? 'Is a directory' : 'No such file or directory' };
  }

  #text(path: string): string | null {
    const written = this.#written.get(path);
    if (written !== undefined) return written;
    const marker = this.#host.markers.get(path);
    if (marker !== undefined) return marker;
    const ofProcess = /^\/proc\/(\d+)\/(cmdline|comm)$/.exec(path);
    if (ofProcess?.[1]) return this.#ofProcess(Number(ofProcess[1]), ofProcess[2] === 'comm');
    return this.#removed.has(path) ? null : (this.#tree.files.get(path)?.(this.#host) ?? null);
  }

  #ofProcess(pid: number, short: boolean): string | null {
    const command = this.#host.systemd.byPid(pid)?.kind.exec ?? this.#host.processes.get(pid)?.shown;
    if (command === undefined) return null;
    const words = command.split(' ');
    return short ? `${words[0]?.split('/').at(-1) ?? ''}\n` : `${words.join('\0')}\0`;
  }

  /** Writes a whole file; answers in words why it could not. */
  write(path: string, text: string, user: string): string | null {
    if (!this.mayWrite(path, user)) return 'Permission denied';
    if (this.list(path)) return 'Is a directory';
    if (!this.list(path.slice(0, path.lastIndexOf('/')) || '/')) return 'No such file or directory';
    const grows = text.length - (this.#written.get(path)?.length ?? 0);
    if (this.#size + grows > mostWritten) return 'No space left on device';
    this.#size += grows;
    this.#removed.delete(path);
    this.#written.set(path, text);
    this.#writtenMs.set(path, this.#host.now());
    return null;
  }

  /** When a file was written last that somebody made; null for those a host came with. */
  madeMs(path: string): number | null {
    return this.#written.has(path) && !this.#tree.files.has(path) ? (this.#writtenMs.get(path) ?? null) : null;
  }

  /** Forgets a file that was written or a marker; answers in words why it could not. */
  remove(path: string, user: string): string | null {
    if (!this.exists(path)) return 'No such file or directory';
    if (!this.mayWrite(path, user)) return 'Permission denied';
    this.#size -= this.#written.get(path)?.length ?? 0;
    this.#writtenMs.delete(path);
    const gone = this.#written.delete(path) || this.#host.markers.delete(path);
    if (this.#tree.files.has(path)) this.#removed.add(path);
    else if (!gone) return 'Is a directory';
    return null;
  }

  /** Makes a folder, with `parents` those above it; answers in words why it could not. */
  makeFolder(path: string, user: string, parents: boolean): string | null {
    if (this.list(path)) return parents ? null : 'File exists';
    if (this.#text(path) !== null) return 'File exists';
    if (!this.mayWrite(`${path}/`, user)) return 'Permission denied';
    const above = path.slice(0, path.lastIndexOf('/')) || '/';
    if (!this.list(above)) {
      if (!parents) return 'No such file or directory';
      const problem = this.makeFolder(above, user, true);
      if (problem) return problem;
    }
    this.#made.add(path);
    return null;
  }

  /** Removes an empty folder that was made. */
  removeFolder(path: string): string | null {
    const names = this.list(path);
    if (!names) return 'No such file or directory';
    if (names.length > 0) return 'Directory not empty';
    return this.#made.delete(path) ? null : 'Read-only file system';
  }

  /** Removes a folder that was made with everything in it, or a file. */
  removeTree(path: string, user: string): string | null {
    if (!this.list(path)) return this.remove(path, user);
    for (const name of this.list(path) ?? []) {
      const problem = this.removeTree(`${path}/${name}`, user);
      if (problem) return problem;
    }
    this.#made.delete(path);
    return null;
  }

  mayWrite(path: string, user: string): boolean {
    return free.test(path) || (user === 'root' && !/^\/(?:proc|sys|usr)\//.test(path));
  }

  exists(path: string): boolean {
    return path === '/dev/null' || this.#text(path) !== null || this.list(path) !== null;
  }

  /** The names in a folder; null when it is none. */
  list(path: string): string[] | null {
    const clean = path.length > 1 ? path.replace(/\/+$/, '') : path;
    const names = new Set(this.#tree.folders.get(clean));
    let isFolder = this.#tree.folders.has(clean);
    for (const name of names)
      if (this.#removed.has(`${clean}/${name}`) && !this.#written.has(`${clean}/${name}`)) names.delete(name);
    isFolder ||= this.#made.has(clean);
    if (this.#written.size + this.#host.markers.size + this.#made.size > 0) {
      const own = new Map<string, Set<string>>();
      for (const each of [...this.#written.keys(), ...this.#host.markers.keys(), ...this.#made])
        addToFolders(own, each);
      for (const name of own.get(clean) ?? []) names.add(name);
      isFolder ||= own.has(clean);
    }
    return isFolder ? [...names].sort() : null;
  }

  /** What a symbolic link points to; null for anything else. */
  link(path: string): string | null {
    return links[path] ?? null;
  }
}

const links: Readonly<Record<string, string>> = {
  '/etc/localtime': '../usr/share/zoneinfo/Etc/UTC',
  '/etc/os-release': '../usr/lib/os-release',
  '/bin': 'usr/bin',
  '/lib': 'usr/lib',
  '/var/run': '../run',
};
