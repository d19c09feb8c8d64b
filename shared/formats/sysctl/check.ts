import { closest } from '#shared/lib/closest.ts';
import { type Finding, Findings } from '../finding.ts';
import { numberedLines } from '../numbered-lines.ts';
import { shown } from '../text-problem.ts';

/** The folders of /proc/sys. */
const trees = ['abi', 'crypto', 'debug', 'dev', 'fs', 'kernel', 'net', 'sunrpc', 'user', 'vm', 'xen'];

/** What systemd-sysctl would not take of a file of sysctl.d, or would set to something else in the end. Never throws. */
export function checkSysctl(text: string): Finding[] {
  const findings = new Findings('sysctl');
  const first = new Map<string, number>();
  for (const { line, column, content } of numberedLines(text, '#;')) {
    if (findings.full) break;
    const place = { line, column };
    const equals = content.indexOf('=');
    const quiet = content.startsWith('-');
    const key = content.slice(quiet ? 1 : 0, equals < 0 ? undefined : equals).trim();
    if (equals < 0) {
      // Such a line keeps a name out of what a pattern sets.
      if (!(quiet && isName(key)))
        findings.error(place, `${shown(content)} sets nothing`, 'Write net.core.somaxconn = 4096.');
      continue;
    }
    const value = content.slice(equals + 1).trim();
    if (!isName(key)) {
      findings.error(place, `${shown(key)} is no name of a setting`, 'Names are parted by dots, as vm.swappiness.');
      continue;
    }
    const path = key.replaceAll('.', '/');
    const [tree = ''] = path.split('/');
    if (!trees.includes(tree) && !/[*?[]/.test(tree)) {
      const near = closest(tree, trees);
      findings.warning(
        place,
        `no kernel has settings under ${shown(tree)}`,
        near === null ? `One of ${trees.join(', ')}.` : `Did you mean ${near}?`,
      );
    } else if (path === tree) findings.error(place, `${shown(key)} is a folder of settings, not one`);
    if (value === '') findings.warning(place, `${key} is set to nothing`);
    const before = first.get(path);
    if (before === undefined) first.set(path, line);
    else findings.warning(place, `${key} is set in line ${before} already`, 'The last one counts.');
  }
  return findings.list();
}

function isName(key: string): boolean {
  return /^[A-Za-z0-9_*?[\]-]+(?:[./][A-Za-z0-9_:@*?[\]-]+)*$/.test(key) && key.length <= 300;
}
