import type { Problem, TextPlace } from '#shared/contract/problem.ts';
import { problemAt, shown, tooLong } from '../text-problem.ts';
import type { Block, Condition, ConfigFile, Criterion } from './config-tree.ts';
import { splitArguments, takeWord } from './split-line.ts';

/** Parses one ssh_config file; lines that ssh would refuse become problems and are left out. Includes are not read. */
export function parseSshConfig(text: string, file: string): ConfigFile {
  const long = tooLong(file, text);
  if (long) return { file, blocks: [], problems: [long] };
  const problems: Problem[] = [];
  const blocks: Block[] = [{ condition: { kind: 'always' }, place: { file, line: 1, column: 1 }, items: [] }];
  let line = 0;
  for (const raw of text.split('\n')) {
    line++;
    const place: TextPlace = { file, line, column: raw.length - raw.trimStart().length + 1 };
    const report = (message: string, hint?: string): void => {
      problems.push(problemAt(file, line, place.column ?? 1, message, hint));
    };
    const head = takeKeyword(raw.replace(/[ \t\r\n\f]+$/, ''));
    if (head === 'unclosed') report('a quote is not closed', 'End it with another ".');
    if (head === null || head === 'unclosed') continue;
    const keyword = head.word.toLowerCase();
    const rest = (head.rest ?? '').replace(/^[ \t\r\n]+/, '');
    if (rest === '') {
      report(`${head.word} is given nothing`, `Write a value after ${head.word}, or remove the line.`);
      continue;
    }
    if (keyword === 'host') blocks.push({ condition: hostCondition(rest, report), place, items: [] });
    else if (keyword === 'match') blocks.push({ condition: matchCondition(rest, report), place, items: [] });
    else {
      const words = splitArguments(rest);
      const block = blocks.at(-1);
      if (words === null) report('a quote is not closed', `End the quoted value of ${head.word}.`);
      else if (keyword === 'include') block?.items.push({ kind: 'include', patterns: words, place, files: [] });
      else block?.items.push({ kind: 'setting', keyword, words, rest, place });
    }
  }
  return { file, blocks, problems };
}

function takeKeyword(line: string): { word: string; rest: string | null } | null | 'unclosed' {
  let head = takeWord(line);
  if (head?.word === '' && head.rest !== null) head = takeWord(head.rest);
  if (head === null) return line.trimStart().startsWith('#') ? null : 'unclosed';
  return head.word === '' || head.word.startsWith('#') ? null : head;
}

function hostCondition(rest: string, report: (message: string, hint?: string) => void): Condition {
  const words = splitArguments(rest);
  if (words === null || words.length === 0 || words.includes('')) {
    report('Host has an empty or unclosed pattern', 'Write "Host name" or "Host *.example.com".');
    return { kind: 'broken' };
  }
  const patterns = words.map((word) => ({
    negated: word.startsWith('!'),
    text: word.startsWith('!') ? word.slice(1) : word,
  }));
  return { kind: 'host', patterns };
}

const bare = new Set(['canonical', 'final']);
const withArgument = new Set(['host', 'originalhost', 'user', 'localuser', 'exec', 'tagged', 'localnetwork']);

function matchCondition(text: string, report: (message: string, hint?: string) => void): Condition {
  const criteria: Criterion[] = [];
  const broken = (message: string, hint: string): Condition => {
    report(message, hint);
    return { kind: 'broken' };
  };
  let rest: string | null = text;
  while (rest !== null) {
    const taken = takeWord(rest);
    if (taken === null) return broken('Match has a quote that is not closed', 'End it with another ".');
    if (taken.word === '' || taken.word.startsWith('#')) break;
    const negated = taken.word.startsWith('!');
    const name = (negated ? taken.word.slice(1) : taken.word).toLowerCase();
    rest = taken.rest;
    if (name === 'all') {
      const after = rest === null ? null : takeWord(rest);
      if (criteria.length > 1 || (after !== null && after.word !== '' && !after.word.startsWith('#')))
        return broken('Match all cannot be combined with other criteria', 'Write "Match all" alone.');
      criteria.push({ negated, name, argument: '' });
      return { kind: 'match', criteria };
    }
    if (bare.has(name)) {
      criteria.push({ negated, name, argument: '' });
      continue;
    }
    if (!withArgument.has(name))
      return broken(`Match does not know ${shown(name)}`, 'Use host, originalhost, user, localuser, final or all.');
    const argument = rest === null ? null : takeWord(rest);
    if (argument === null || argument.word === '' || argument.word.startsWith('#'))
      return broken(`Match ${name} is given nothing`, `Write "Match ${name} pattern".`);
    criteria.push({ negated, name, argument: argument.word });
    rest = argument.rest;
  }
  if (criteria.length === 0) return broken('Match has no criteria', 'Write "Match host pattern" or "Match all".');
  return { kind: 'match', criteria };
}
