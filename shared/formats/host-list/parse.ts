import type { ImportPreview } from '#shared/contract/cluster.ts';
import { hostName } from '#shared/contract/ids.ts';
import type { Problem } from '#shared/contract/problem.ts';
import { maxHosts } from '../cluster-file/cluster-file.ts';
import { boundedProblems, problemAt, shown, tooLong } from '../text-problem.ts';
import { expandRange } from './expand-range.ts';
import { parseTarget } from './parse-target.ts';

/**
 * Reads a pasted list: `user@host:port` one per line or parted by commas, semicolons or blanks; `#` begins a comment;
 * `web[01:20]` is a range, `[fd00::1]:22` an IPv6 address with a port.
 */
export function previewHostList(text: string, file: string): ImportPreview {
  const long = tooLong(file, text);
  if (long) return { hosts: [], problems: [long], skipped: [] };
  const hosts = new Map<string, ImportPreview['hosts'][number]>();
  const problems: Problem[] = [];
  const skipped: ImportPreview['skipped'] = [];
  let line = 0;
  for (const raw of text.split('\n')) {
    line++;
    for (const match of raw.replace(/(^|\s)#.*$/, '').matchAll(/[^\s,;]+/g)) {
      const word = match[0];
      const targets = expandRange(word, maxHosts)?.map(parseTarget);
      if (!targets?.every((target) => target !== null && hostName.safeParse(target.host).success)) {
        // Whoever pastes user:password@host by mistake must not see it again on screen.
        const what = /:[^@]*@/.test(word) ? 'this' : shown(word);
        problems.push(
          problemAt(file, line, match.index + 1, `${what} is no host`, 'Write "web1" or "core@10.0.0.11:22"'),
        );
        continue;
      }
      for (const target of targets) {
        if (target === null) continue;
        const { host, user, port } = target;
        if (hosts.has(host)) skipped.push({ what: host, why: `it is there twice, again on line ${line}` });
        else if (hosts.size >= maxHosts) {
          problems.push(problemAt(file, line, match.index + 1, `only the first ${maxHosts} hosts are taken`));
          return { hosts: [...hosts.values()], problems: boundedProblems(problems), skipped: skipped.slice(0, 200) };
        } else
          hosts.set(host, {
            name: host,
            address: host,
            port: port ?? 22,
            user: user ?? '',
            jump: [],
            identityFiles: [],
            labels: {},
          });
      }
    }
  }
  return { hosts: [...hosts.values()], problems: boundedProblems(problems), skipped: skipped.slice(0, 200) };
}
