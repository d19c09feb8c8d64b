import { type Finding, Findings } from '../finding.ts';
import { numberedLines } from '../numbered-lines.ts';
import { shown } from '../text-problem.ts';

/** What no reader of INI would take: lines that are neither a section nor an assignment. Never throws. */
export function checkIni(text: string): Finding[] {
  const findings = new Findings('ini');
  const sections = new Map<string, number>();
  for (const { line, column, content, row } of numberedLines(text, '#;')) {
    if (findings.full) break;
    const place = { line, column };
    if (content.startsWith('[')) {
      const name = /^\[([^\]]+)\]\s*([#;].*)?$/.exec(content)?.[1];
      if (name === undefined) findings.error(place, `${shown(content)} is no [section]`, 'Close it with ].');
      else if (sections.has(name))
        findings.info(place, `[${shown(name).slice(1, -1)}] begins in line ${sections.get(name)} too`);
      else sections.set(name, line);
      continue;
    }
    // Some readers take what is indented as more of the value above.
    if (/^\s/.test(row)) continue;
    if (!/[=:]/.test(content)) findings.warning(place, `${shown(content)} has no value`, 'Write name = value.');
    else if (/^[=:]/.test(content)) findings.error(place, 'a name is missing here', 'Write name = value.');
  }
  return findings.list();
}
