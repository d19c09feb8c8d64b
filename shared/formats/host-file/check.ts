import { languageOf } from '#shared/lib/file-language.ts';
import { checkEnvFile } from '../env-file/check.ts';
import { type Finding, Findings } from '../finding.ts';
import { readJson } from '../json-tree/read.ts';
import { checkSshdConfig } from '../sshd-config/check.ts';
import { checkSudoers } from '../sudoers/check.ts';
import { checkSysctl } from '../sysctl/check.ts';
import { checkSystemdFile } from '../systemd-unit/check.ts';
import { isSystemdFile } from '../systemd-unit/known-directives.ts';
import { tomlProblem } from '../toml-text/problem.ts';
import { checkUpdateConf } from '../update-conf/check.ts';
import { readYaml } from '../yaml-tree/read.ts';
import { checkZincati } from '../zincati/check.ts';
import { checkIni } from './check-ini.ts';

type Check = (text: string) => Finding[];

/** By path, the first that fits; files of systemd are told by their language. */
const checks: readonly (readonly [RegExp, Check])[] = [
  [/\/sshd_config$|\/sshd_config\.d\/[^/]+\.conf$/, checkSshdConfig],
  [/\/sysctl\.conf$|\/sysctl\.d\/[^/]+\.conf$/, checkSysctl],
  [/^\/etc\/sudoers$|\/sudoers\.d\/[^/]+$/, checkSudoers],
  [/\/(?:flatcar|coreos)\/update\.conf$/, checkUpdateConf],
  [/\/zincati\/config\.d\/[^/]+\.toml$/, checkZincati],
  [/\.env$|^\/etc\/environment$|\/environment\.d\/[^/]+\.conf$/, (text) => checkEnvFile(text, 'assignments')],
  [/^\/etc\/(?:default|sysconfig)\/[^/]+$/, (text) => checkEnvFile(text, 'shell')],
  [/\.json$|\.ign$/, (text) => treeFindings(readJson(text, 'json'))],
  [/\.ya?ml$|\.bu$/, (text) => treeFindings(readYaml(text, 'yaml'))],
  [/\.toml$/, checkToml],
  [/\.(?:ini|repo|nmconnection|container)$/, checkIni],
];

/** What can be said of a file of a host by its text alone, before any host has checked it. Never throws. */
export function checkHostFile(path: string, text: string): Finding[] {
  const language = languageOf(path);
  if (isSystemdFile(language)) return checkSystemdFile(language, text);
  return checks.find(([fits]) => fits.test(path))?.[1](text) ?? [];
}

function treeFindings({ problems, broken }: ReturnType<typeof readJson>): Finding[] {
  const findings = new Findings('file');
  for (const problem of problems) findings.add(broken ? 'error' : 'warning', problem);
  return findings.list();
}

function checkToml(text: string): Finding[] {
  const findings = new Findings('toml');
  const problem = tomlProblem(text);
  if (problem) findings.error(problem.place, problem.message);
  return findings.list();
}
