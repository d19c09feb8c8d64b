import type { ImportPreview } from '#shared/contract/cluster.ts';
import { hostName } from '#shared/contract/ids.ts';
import type { Problem } from '#shared/contract/problem.ts';
import { maxHosts } from '../cluster-file/cluster-file.ts';
import { boundedProblems, problemAt, shown, tooLong } from '../text-problem.ts';
import { expandRange } from './expand-range.ts';
import { parseTarget } from './parse-target.ts';
import { isLabelWord, readLabel } from './read-label.ts';

type Host = ImportPreview['hosts'][number];

/**
 * Reads a pasted list: `user@host:port role=web zone=a`, one host per line or parted by commas or semicolons; hosts
 * without labels may be parted by blanks as well. `#` begins a comment; `web[01:20]` is a range, whose hosts all get the
 * labels behind it; `[fd00::1]:22` is an IPv6 address with a port.
 */
export function previewHostList(text: string, file: string): ImportPreview {
  const long = tooLong(file, text);
  if (long) return { hosts: [], problems: [long], skipped: [] };
  const list = new HostList(file);
  for (const [index, raw] of text.split('\n').entries()) {
    for (const part of raw.replace(/(^|\s)#.*$/, '').matchAll(/[^,;]+/g)) {
      const words = [...part[0].matchAll(/\S+/g)];
      list.readPart(words.map((word) => ({ text: word[0], line: index + 1, column: part.index + word.index + 1 })));
      if (list.isFull) break;
    }
    if (list.isFull) break;
  }
  return list.preview();
}

/** One word of a list and where it stands. */
interface Word {
  readonly text: string;
  readonly line: number;
  readonly column: number;
}

class HostList {
  readonly #file: string;
  readonly #hosts = new Map<string, { host: Omit<Host, 'labels'>; labels: Map<string, string> }>();
  readonly #problems: Problem[] = [];
  readonly #skipped: ImportPreview['skipped'] = [];
  isFull = false;

  constructor(file: string) {
    this.#file = file;
  }

  preview(): ImportPreview {
    return {
      hosts: [...this.#hosts.values()].map(({ host, labels }) => ({ ...host, labels: Object.fromEntries(labels) })),
      problems: boundedProblems(this.#problems),
      skipped: this.#skipped.slice(0, 200),
    };
  }

  /** Reads what stands between two commas: hosts, and labels that belong to the one host before them. */
  readPart(words: readonly Word[]): void {
    /** The label maps of the host (or the range) that stands last; empty when it was refused or is there twice. */
    let last: Map<string, string>[] | null = null;
    let hostsInARow = 0;
    for (const word of words) {
      if (!isLabelWord(word.text)) {
        last = this.#readHost(word);
        hostsInARow++;
        if (this.isFull) return;
        continue;
      }
      if (last === null) {
        this.#complain(
          word,
          'a label stands before any host',
          'Write the host first and part labels by blanks: "web1 role=web zone=a"',
        );
        return;
      }
      if (hostsInARow > 1) {
        this.#complain(
          word,
          'it is not clear which of the hosts before it this label is of',
          'Write one host per line, or a comma between hosts: "web1 role=web, web2 role=web"',
        );
        return;
      }
      hostsInARow = 0;
      if (!this.#readLabel(word, last)) return;
    }
  }

  #readHost(word: Word): Map<string, string>[] {
    const { text, line } = word;
    const targets = expandRange(text, maxHosts)?.map(parseTarget);
    if (!targets?.every((target) => target !== null && hostName.safeParse(target.host).success)) {
      // Whoever pastes user:password@host by mistake must not see it again on screen.
      const what = /:[^@]*@/.test(text) ? 'this' : shown(text);
      this.#complain(word, `${what} is no host`, 'Write "web1", "core@10.0.0.11:22" or "web1 role=web"');
      return [];
    }
    const added: Map<string, string>[] = [];
    for (const target of targets) {
      if (target === null) continue;
      const { host: name, user, port } = target;
      if (this.#hosts.has(name)) {
        this.#skipped.push({ what: name, why: `it is there twice, again on line ${line}` });
      } else if (this.#hosts.size >= maxHosts) {
        this.#complain(word, `only the first ${maxHosts} hosts are taken`);
        this.isFull = true;
        return added;
      } else {
        const labels = new Map<string, string>();
        added.push(labels);
        this.#hosts.set(name, {
          host: { name, address: name, port: port ?? 22, user: user ?? '', jump: [], identityFiles: [] },
          labels,
        });
      }
    }
    return added;
  }

  /** False when what follows cannot be trusted to be labels either. */
  #readLabel(word: Word, hosts: readonly Map<string, string>[]): boolean {
    const label = readLabel(word.text);
    if ('message' in label) {
      this.#complain(word, label.message, label.hint);
      return false;
    }
    if (hosts.some((labels) => labels.has(label.key))) {
      this.#complain(word, `the label ${shown(label.key)} is there twice`, 'Remove one of them');
      return true;
    }
    for (const labels of hosts) labels.set(label.key, label.value);
    return true;
  }

  #complain({ line, column }: Word, message: string, hint?: string): void {
    this.#problems.push(problemAt(this.#file, line, column, message, hint));
  }
}
