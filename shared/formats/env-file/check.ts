import { type Finding, Findings } from '../finding.ts';
import { numberedLines } from '../numbered-lines.ts';
import { shown } from '../text-problem.ts';

/** Who reads the file: systemd and its like, which take assignments only, or a shell, which takes anything. */
export type EnvReader = 'assignments' | 'shell';

/** What would be passed over or misread in a file of environment variables. Never throws. */
export function checkEnvFile(text: string, reader: EnvReader): Finding[] {
  const findings = new Findings('env');
  const first = new Map<string, number>();
  let open: { readonly quote: string; readonly line: number; readonly column: number } | null = null;
  let goesOn = false;
  for (const { line, column, content } of numberedLines(text, reader === 'shell' ? '#' : '#;')) {
    if (findings.full) break;
    const place = { line, column };
    if (open !== null) {
      if (quoteAfter(content, open.quote) === '') open = null;
      continue;
    }
    const continued = goesOn;
    goesOn = /(^|[^\\])(\\\\)*\\$/.test(content);
    if (continued) continue;
    const found = /^(export[ \t]+)?([A-Za-z_]\w*)([ \t]*)=([ \t]*)(.*)$/.exec(content);
    if (!found) {
      if (reader === 'shell') continue;
      findings.error(
        place,
        `${shown(content)} is no assignment`,
        'Write NAME=value; names have letters, digits and _.',
      );
      continue;
    }
    const [, exported, name = '', before = '', after = '', value = ''] = found;
    if (exported !== undefined && reader === 'assignments')
      findings.warning(place, '"export" is for shells', 'Leave it out: systemd would not take the line.');
    if (before !== '' || (after !== '' && value !== ''))
      findings.warning(
        place,
        `there is a blank beside = of ${name}`,
        'Write NAME=value without blanks: shells do not take it.',
      );
    const quote = quoteAfter(value, '');
    if (quote !== '') open = { quote, line, column };
    const known = first.get(name);
    if (known === undefined) first.set(name, line);
    else if (reader === 'assignments')
      findings.warning(place, `${name} is set in line ${known} already`, 'The last one counts.');
  }
  if (open !== null) findings.error(open, `a value is not closed by ${open.quote}`, 'Close the quotes.');
  return findings.list();
}

/** The quote that is still open behind a text; `quote` is the one that is open before it. */
function quoteAfter(text: string, quote: string): string {
  let open = quote;
  for (let at = 0; at < text.length; at++) {
    const letter = text.charAt(at);
    if (letter === '\\' && open !== "'") at++;
    else if (open !== '') open = letter === open ? '' : open;
    else if (letter === '"' || letter === "'") open = letter;
    else if (letter === '#' && (at === 0 || ' \t'.includes(text.charAt(at - 1)))) return '';
  }
  return open;
}
