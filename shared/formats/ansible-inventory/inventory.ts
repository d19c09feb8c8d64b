import type { Problem } from '#shared/contract/problem.ts';
import { maxHosts } from '../cluster-file/cluster-file.ts';
import { expandRange } from '../host-list/expand-range.ts';
import { parseTarget } from '../host-list/parse-target.ts';
import { problemAt, shown } from '../text-problem.ts';

/** Variables of a host or a group; only those that say how to connect are looked at. */
export type Variables = Map<string, string>;

/** One group with the hosts and groups that are directly in it. */
export interface Group {
  readonly hosts: Set<string>;
  readonly children: Set<string>;
  readonly variables: Variables;
}

const maxGroups = 2000;

/** An inventory while it is read; both formats fill the same one. Everything that does not fit is said in `problems`. */
export class Inventory {
  readonly file: string;
  readonly groups = new Map<string, Group>();
  /** Host variables; a host is here from its first mention on. */
  readonly hosts = new Map<string, Variables>();
  readonly problems: Problem[] = [];
  #full = false;

  constructor(file: string) {
    this.file = file;
  }

  report(line: number, column: number, message: string, hint?: string): void {
    this.problems.push(problemAt(this.file, line, column, message, hint));
  }

  /** The group of this name, made on first mention; null when there are too many. */
  group(name: string, line: number): Group | null {
    let group = this.groups.get(name);
    if (group) return group;
    if (this.groups.size >= maxGroups) {
      if (this.groups.size === maxGroups) this.report(line, 1, `more than ${maxGroups} groups; the rest is left out`);
      return null;
    }
    group = { hosts: new Set(), children: new Set(), variables: new Map() };
    this.groups.set(name, group);
    return group;
  }

  /** Adds all hosts that a name with ranges stands for, and answers the variables of each. */
  addHosts(pattern: string, group: Group, line: number, column: number): Variables[] {
    // A port may follow the name: web1:2222, web[01:20]:2222, [fd00::1]:2222.
    const target = parseTarget(pattern);
    const named = /^(.*?)(?::(\d{1,5}))?$/s.exec(pattern);
    const port = target ? target.port : (named?.[2] ?? null);
    const names = target ? [target.host] : expandRange(named?.[1] ?? '', maxHosts);
    if (!names?.every((one) => /^[^\s/[\],@]{1,253}$/.test(one))) {
      this.report(line, column, `${shown(pattern)} is no host`, 'Write "web1", "web[01:20]" or "web1:2222"');
      return [];
    }
    const added: Variables[] = [];
    for (const one of names) {
      let variables = this.hosts.get(one);
      if (!variables) {
        if (this.hosts.size >= maxHosts) {
          if (!this.#full) this.report(line, column, `only the first ${maxHosts} hosts are taken`);
          this.#full = true;
          return added;
        }
        // As in Ansible, a port in the name counts only where the host is mentioned first.
        variables = new Map(port === null ? [] : [['ansible_port', String(port)]]);
        this.hosts.set(one, variables);
      }
      group.hosts.add(one);
      added.push(variables);
    }
    return added;
  }
}
