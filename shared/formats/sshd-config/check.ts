import { closest } from '#shared/lib/closest.ts';
import { type Finding, Findings } from '../finding.ts';
import { numberedLines } from '../numbered-lines.ts';
import { addingKeywords, sshdKeywords } from '../settings/sshd-dialect.ts';
import { shown } from '../text-problem.ts';
import { criteria, fewWords, inMatch, numbers, otherNames, rare, times, withoutEffect } from './rules.ts';

interface Place {
  readonly line: number;
  readonly column: number;
}

const spelling = new Map(sshdKeywords.map((word) => [word.toLowerCase(), word]));
const adding = new Set([...addingKeywords].map((word) => word.toLowerCase()));
const time = /^(?:\d{1,9}[smhdw]?)+$/i;

/** What sshd would refuse or pass over in an sshd_config or a file it includes, at its line. Never throws. */
export function checkSshdConfig(text: string): Finding[] {
  const findings = new Findings('sshd_config');
  let block = '';
  const first = new Map<string, number>();
  for (const { line, column, content } of numberedLines(text)) {
    if (findings.full) break;
    const place = { line, column };
    const word = /^[A-Za-z0-9-]{1,64}/.exec(content)?.[0] ?? '';
    const rest = content.slice(word.length);
    if (word === '' || (rest !== '' && !/^[ \t=]/.test(rest))) {
      findings.error(place, `${shown(content)} is no keyword with a value`, 'Write Keyword value.');
      continue;
    }
    const value = valueOf(rest);
    const name = word.toLowerCase();
    if (name === 'match') {
      // What stands below "Match all" is for everybody again.
      block = /^all$/i.test(value) ? '' : `${line}`;
      checkMatch(findings, value, place);
      continue;
    }
    if (!checkName(findings, name, word, place)) continue;
    if (block !== '' && !inMatch.has(name))
      findings.error(
        place,
        `${spelling.get(name) ?? word} may not stand in a Match block`,
        'Put it above every Match.',
      );
    if (value === '') {
      findings.error(place, `${spelling.get(name) ?? word} needs a value`);
      continue;
    }
    checkValue(findings, name, spelling.get(name) ?? word, value, { line, column: column + content.indexOf(value) });
    checkAgain(findings, first, block, name, value, place);
  }
  return findings.list();
}

/** Without quotes around all of it and a comment behind it. */
function valueOf(rest: string): string {
  const value = rest.replace(/^[ \t]*=?[ \t]*/, '');
  const quoted = /^"([^"]*)"[ \t]*(?:#.*)?$/.exec(value);
  return quoted ? (quoted[1] ?? '') : value.replace(/[ \t]+#.*$/, '').trim();
}

function checkName(findings: Findings, name: string, word: string, place: Place): boolean {
  if (spelling.has(name) || rare.has(name)) return true;
  const today = otherNames.get(name);
  if (today !== undefined) {
    findings.info(place, `${word} is an old name`, `It is called ${today} today.`);
    return true;
  }
  if (withoutEffect.has(name)) {
    findings.warning(place, `${word} has no effect any more`, 'Leave it out.');
    return false;
  }
  const near = closest(word, sshdKeywords);
  findings.error(
    place,
    `${shown(word)} is no keyword of sshd`,
    near === null ? 'sshd would not start with it.' : `Did you mean ${near}?`,
  );
  return false;
}

function checkValue(findings: Findings, name: string, word: string, value: string, place: Place): void {
  const few = fewWords.get(name);
  if (few && !few.includes(value.toLowerCase()))
    findings.error(place, `${word} does not take ${shown(value)}`, `One of ${few.join(', ')}.`);
  const bounds = numbers.get(name);
  if (bounds && !(/^\d{1,9}$/.test(value) && Number(value) >= bounds[0] && Number(value) <= bounds[1]))
    findings.error(place, `${word} does not take ${shown(value)}`, `A whole number from ${bounds[0]} to ${bounds[1]}.`);
  if (times.has(name) && !time.test(value))
    findings.error(place, `${word} does not take ${shown(value)}`, 'A time as 90, 2m or 1h30m.');
  if (name === 'subsystem' && !/^\S+[ \t]+\S/.test(value))
    findings.error(place, 'Subsystem needs a name and a command', 'Write Subsystem sftp internal-sftp.');
  if (name === 'maxstartups' && !/^\d+(?::\d+:\d+)?$/.test(value))
    findings.error(place, `MaxStartups does not take ${shown(value)}`, 'A number, or start:rate:full as 10:30:100.');
}

/** Of most keywords the first counts, in each block for itself. */
function checkAgain(
  findings: Findings,
  first: Map<string, number>,
  block: string,
  name: string,
  value: string,
  place: Place,
): void {
  if (adding.has(name)) return;
  const key = `${block} ${otherNames.get(name)?.toLowerCase() ?? name} ${name === 'subsystem' ? value.split(/\s/, 1)[0] : ''}`;
  const before = first.get(key);
  if (before === undefined) first.set(key, place.line);
  else
    findings.warning(place, `${spelling.get(name) ?? name} is set in line ${before} already`, 'The first one counts.');
}

function checkMatch(findings: Findings, value: string, place: Place): void {
  const words = value.split(/[ \t]+/).filter(Boolean);
  if (words.length === 0) {
    findings.error(place, 'Match needs a condition', 'As Match User deploy, or Match all.');
    return;
  }
  for (let at = 0; at < words.length; ) {
    const [word = '', joined] = (words[at] ?? '').split('=', 2);
    const name = word.toLowerCase();
    if (!criteria.has(name)) {
      findings.error(
        place,
        `Match does not know ${shown(word)}`,
        'User, Group, Host, LocalAddress, LocalPort, Address, all.',
      );
      return;
    }
    const alone = name === 'all' || name === 'canonical' || name === 'final' || name === 'invalid-user';
    if (name === 'all' && words.length > 1) {
      findings.error(place, 'Match all stands alone');
      return;
    }
    if (!alone && joined === undefined && words[at + 1] === undefined) {
      findings.error(place, `Match ${word} needs a pattern`, `As Match ${word} deploy.`);
      return;
    }
    at += alone || joined !== undefined ? 1 : 2;
  }
}
