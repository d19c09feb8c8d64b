import { closest } from '#shared/lib/closest.ts';
import { type Finding, Findings } from '../finding.ts';
import { shown } from '../text-problem.ts';
import { directivesOf, sectionsOf, type SystemdFile } from './known-directives.ts';

const mostLines = 20_000;

/**
 * What systemd would not take of a unit file, a drop-in, or a file of networkd, at its line. Names that systemd 252 does not know
 * are warnings: a newer one may. Names with `X-` are anybody's. Never throws.
 */
export function checkSystemdFile(file: SystemdFile, text: string): Finding[] {
  const findings = new Findings(file);
  let section: string | null = null;
  let goesOn = false;
  for (const [at, whole] of text.split('\n', mostLines).entries()) {
    const row = whole.replace(/\r$/, '');
    const content = row.trim();
    const place = { line: at + 1, column: row.length - row.trimStart().length + 1 };
    const comment = content.startsWith('#') || content.startsWith(';');
    if (content === '' || comment) {
      // A comment in the middle of a continued line is left out of it.
      goesOn &&= comment;
      continue;
    }
    const continued = goesOn;
    goesOn = continues(row);
    if (continued) continue;
    const head = /^\[(.*)\]$/.exec(content);
    if (head) {
      section = head[1] ?? '';
      checkSection(findings, file, section, place);
      continue;
    }
    // What is not listed need not be looked up.
    if (findings.full) break;
    const equals = content.indexOf('=');
    if (equals < 1)
      findings.error(place, `${shown(content)} is neither a [section] nor an assignment`, 'Write Name=value.');
    else if (section === null)
      findings.error(place, 'an assignment before any [section] is ignored', 'Put a section above it.');
    else
      checkDirective(findings, file, section, content.slice(0, equals).trim(), content.slice(equals + 1).trim(), place);
  }
  return findings.list();
}

interface Place {
  readonly line: number;
  readonly column: number;
}

function checkSection(findings: Findings, file: SystemdFile, section: string, place: Place): void {
  const all = sectionsOf(file);
  if (section.startsWith('X-') || all.includes(section)) return;
  const near = closest(section, all);
  findings.warning(
    place,
    `[${shown(section).slice(1, -1)}] is no section that systemd 252 knows here`,
    near === null ? undefined : `Did you mean [${near}]?`,
  );
}

function checkDirective(
  findings: Findings,
  file: SystemdFile,
  section: string,
  name: string,
  value: string,
  place: Place,
): void {
  if (name.startsWith('X-') || section.startsWith('X-')) return;
  const directives = directivesOf(file, section);
  // What may stand in a section that is not known is not known either.
  if (directives.size === 0) return;
  const directive = directives.get(name);
  if (!directive) {
    const elsewhere = sectionsOf(file).find((other) => directivesOf(file, other).has(name));
    const near = elsewhere ? null : closest(name, [...directives.keys()]);
    const hint = elsewhere ? `It belongs in [${elsewhere}].` : near === null ? undefined : `Did you mean ${near}=?`;
    findings.warning(place, `${shown(name)} is not known in [${section}] by systemd 252`, hint);
    return;
  }
  // Values with specifiers are made on the host; an empty one resets.
  if (directive.values === null || value === '' || value.includes('%') || continues(value)) return;
  if (takesWord(directive.values, value)) return;
  findings.warning(
    place,
    `${name}= does not take ${shown(value)}, as far as systemd 252 goes`,
    `One of ${directive.values.join(', ')}.`,
  );
}

/** Whether the line goes on below: a backslash that is itself escaped does not make it. */
function continues(row: string): boolean {
  return (/\\+$/.exec(row)?.[0].length ?? 0) % 2 === 1;
}

const yes: ReadonlySet<string> = new Set(['yes', 'y', 'true', 't', 'on', '1']);
const no: ReadonlySet<string> = new Set(['no', 'n', 'false', 'f', 'off', '0']);

/** Booleans have many spellings. */
function takesWord(values: readonly string[], value: string): boolean {
  const small = value.toLowerCase();
  return (
    values.includes(value) || (values.includes('yes') && yes.has(small)) || (values.includes('no') && no.has(small))
  );
}
