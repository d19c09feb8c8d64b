import { closest } from '#shared/lib/closest.ts';
import { type Finding, Findings } from '../finding.ts';
import { shown } from '../text-problem.ts';

const mostLines = 20_000;
const tags = [
  'EXEC',
  'NOEXEC',
  'FOLLOW',
  'NOFOLLOW',
  'LOG_INPUT',
  'NOLOG_INPUT',
  'LOG_OUTPUT',
  'NOLOG_OUTPUT',
  'MAIL',
  'NOMAIL',
  'INTERCEPT',
  'NOINTERCEPT',
  'PASSWD',
  'NOPASSWD',
  'SETENV',
  'NOSETENV',
];
const aliases = ['User_Alias', 'Runas_Alias', 'Host_Alias', 'Cmnd_Alias', 'Cmd_Alias'];

/** The plain mistakes in a sudoers file, for which visudo would refuse it; `visudo -c` on the host has the last word. Never throws. */
export function checkSudoers(text: string): Finding[] {
  const findings = new Findings('sudoers');
  let begun: { readonly line: number; readonly column: number; readonly text: string } | null = null;
  for (const [at, whole] of text.split('\n', mostLines).entries()) {
    if (findings.full) break;
    const row = whole.replace(/\r$/, '');
    const content: string = (begun?.text ?? '') + row.trim();
    const place: { line: number; column: number } = begun ?? {
      line: at + 1,
      column: row.length - row.trimStart().length + 1,
    };
    if (/(^|[^\\])\\$/.test(content) && !content.startsWith('#')) {
      begun = { ...place, text: content.slice(0, 8000).replace(/\\$/, ' ') };
      continue;
    }
    begun = null;
    // "#1000" is an account by its number, "#include" is an old way to include.
    if (content === '' || (content.startsWith('#') && !/^#\d/.test(content)) || content.startsWith('@include'))
      continue;
    checkEntry(findings, content, place);
  }
  if (begun !== null) findings.error(begun, 'the line goes on, and nothing follows', 'Leave out the \\ at its end.');
  return findings.list();
}

function checkEntry(findings: Findings, content: string, place: { line: number; column: number }): void {
  if (/^Defaults([@:!>][^\s]+)?([ \t]|$)/.test(content)) return;
  const [word = ''] = content.split(/[ \t]/, 1);
  if (/^[A-Z][a-z]+_Alias$/.test(word)) {
    if (!aliases.includes(word))
      findings.error(place, `${shown(word)} is no kind of alias`, `One of ${aliases.slice(0, 4).join(', ')}.`);
    else if (!/^\S+[ \t]+[A-Z][A-Z0-9_]*[ \t]*=[ \t]*\S/.test(content))
      findings.error(
        place,
        'an alias is a name in capitals, = and a list',
        'As Cmnd_Alias WEB = /usr/bin/systemctl restart nginx.',
      );
    return;
  }
  const equals = content.indexOf('=');
  if (equals < 0) {
    const near = closest(word, ['Defaults', ...aliases]);
    const hint = near === null ? 'As deploy ALL=(root) /usr/bin/systemctl.' : `Did you mean ${near}?`;
    findings.error(place, `${shown(content)} is no rule: it has no =`, hint);
    return;
  }
  if (!/^\S.*[ \t]\S/.test(content.slice(0, equals)))
    findings.error(place, 'a rule names who, and on which hosts, before =', 'As deploy ALL=(root) /usr/bin/systemctl.');
  const commands = content.slice(equals + 1).replaceAll(/"[^"]*"/g, '""');
  if (commands.split('(').length !== commands.split(')').length)
    findings.error(place, 'the brackets around whom to run as are not closed', 'Write (root) or (ALL:ALL).');
  for (const [, tag = ''] of commands.matchAll(/(?:^|[\s,)])([A-Z_]{3,20}):/g)) {
    if (tags.includes(tag)) continue;
    const near = closest(tag, tags);
    findings.error(place, `${tag}: is no tag of sudo`, near === null ? undefined : `Did you mean ${near}:?`);
  }
  const bare = /(?:^|[\s,)])(NOPASSWD|PASSWD|NOEXEC|SETENV)[ \t]+[^:]/.exec(commands)?.[1];
  if (bare !== undefined) findings.error(place, `${bare} needs a colon behind it`, `Write ${bare}: and the command.`);
}
