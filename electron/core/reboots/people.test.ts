import { expect, test } from 'vitest';
import { scriptSections } from '../probes/script-sections.ts';
import { peopleInWords, readPeople } from './people.ts';

const said = (text: string) => scriptSections(Buffer.from(text));
const session = (id: string, more: string) => `session=${id}\nName=core\nClass=user\nState=active\n${more}\n`;

test('people are at a terminal or a screen; programs, greeters and this console are none', () => {
  const text = `== sessions\nown=9\n${[
    session('2', 'TTY=pts/0\nRemoteHost=10.0.0.9'),
    session('3', 'TTY=\nDisplay=:0'),
    session('4', 'TTY='),
    session('9', 'TTY=pts/9'),
    session('5', 'TTY=pts/5').replace('active', 'closing'),
    session('c1', 'TTY=tty1').replace('=user', '=greeter'),
  ].join('')}== who\n== end\n`;
  expect(readPeople(said(text))).toEqual([
    { name: 'core', tty: 'pts/0', from: '10.0.0.9' },
    { name: 'core', tty: ':0', from: '' },
  ]);
});

test('whom logind does not know is told by who, each terminal once', () => {
  const who = 'ann      pts/0        2026-11-29 19:00 (198.18.0.1)\nbob      tty1         2026-11-29 18:00\nnonsense\n';
  const text = `== sessions\nown=\n${session('2', 'TTY=pts/0')}== who\n${who}== end\n`;
  expect(readPeople(said(text))).toEqual([
    { name: 'core', tty: 'pts/0', from: '' },
    { name: 'bob', tty: 'tty1', from: '' },
  ]);
});

test('what a host says is made safe to show, and is not endless', () => {
  const many = Array.from({ length: 400 }, (_, at) => `u\u001b[31m pts/${at} 2026-11-29 19:00\n`).join('');
  const found = readPeople(said(`== sessions\n== who\n${many}== end\n`));
  expect(found).toHaveLength(50);
  expect(found[0]?.name).not.toContain('\u001b');
  expect(peopleInWords(found)).toMatch(/^\S+ on pts\/0, \S+ on pts\/1, \S+ on pts\/2 and 47 more$/);
  expect(peopleInWords(found.slice(0, 1))).toMatch(/ on pts\/0$/);
});
