import type { ImportPreview } from '#shared/contract/cluster.ts';
import { hostName } from '#shared/contract/ids.ts';
import type { Problem } from '#shared/contract/problem.ts';
import { maxHosts } from '../cluster-file/cluster-file.ts';
import { boundedProblems } from '../text-problem.ts';
import { hostAliases } from './aliases.ts';
import type { SshConfig } from './config-tree.ts';
import type { ExpandContext } from './expand.ts';
import { printJump } from './jump.ts';
import { resolveSshHost } from './resolve.ts';

/** The hosts that an ssh_config spells out, resolved as ssh would; patterns and what is no machine are skipped with why. */
export function previewSshConfig(config: SshConfig, context: ExpandContext): ImportPreview {
  const { names, wildcards } = hostAliases(config);
  const hosts: ImportPreview['hosts'] = [];
  const skipped: ImportPreview['skipped'] = [];
  const problems = new Map<string, Problem>();
  const note = (problem: Problem): void => {
    problems.set(`${problem.place?.file}:${problem.place?.line}:${problem.message}`, problem);
  };
  for (const problem of config.problems) note(problem);
  for (const { name } of names) {
    if (!hostName.safeParse(name).success) {
      skipped.push({ what: name.slice(0, 100), why: 'this is no host name' });
      continue;
    }
    if (hosts.length >= maxHosts) {
      skipped.push({ what: name, why: `a cluster holds at most ${maxHosts} hosts` });
      break;
    }
    const said = resolveSshHost(config, name, context);
    for (const problem of said.problems) note(problem);
    for (const { place, why } of said.skipped) note({ code: 'unsupported', message: why, place });
    if (said.said.user === 'git') skipped.push({ what: name, why: 'its user is git: a code server, not a host' });
    else
      hosts.push({
        name,
        address: said.hostName,
        port: said.port,
        user: said.said.user ?? '',
        jump: (said.jumps ?? []).map(printJump),
        identityFiles: (said.identityFiles ?? []).map((path) => fromHome(path, context.home)),
        labels: {},
      });
  }
  for (const { pattern } of wildcards.slice(0, 200))
    skipped.push({
      what: `Host ${pattern}`,
      why: 'a pattern names no single host; what it sets counts for those above',
    });
  return { hosts, problems: boundedProblems([...problems.values()]), skipped };
}

/** Paths in the home folder are written with `~`, so that a colleague can use the file. */
function fromHome(path: string, home: string): string {
  return path.startsWith(`${home}/`) ? `~${path.slice(home.length)}` : path;
}
