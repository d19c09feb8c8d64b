import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { randomBelow, seededRandom } from '#kit/random.ts';
import { skipUnless } from '#kit/skip.ts';
import {
  type FileState,
  filePath,
  type PlannedStep,
  takesUnit,
  type UnitStep,
  unitStepVerbs,
} from '#shared/contract/change.ts';
import { loadChangeScripts } from '../probes/host-scripts.ts';
import { type HostProgram, programData, stateWord } from './host-program.ts';

const seed = Number(process.env['QD_SEED'] ?? 17);
const scripts = loadChangeScripts();
const shells = ['dash', 'bash', 'busybox'];
const hashOf = (text: string) => createHash('sha256').update(text).digest('hex');
const fileOf = (text: string): FileState => ({ kind: 'file', hash: hashOf(text), mode: '640', uid: 0, gid: 4 });
const absent: FileState = { kind: 'absent' };

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'quarterdeck-program-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const has = (shell: string) => spawnSync(shell, shell === 'busybox' ? ['true'] : ['-c', ':']).status === 0;
function run(shell: string, words: string[], env: NodeJS.ProcessEnv = process.env) {
  const all = shell === 'busybox' ? ['sh', ...words] : words;
  return spawnSync(shell, all, { cwd: folder, env, maxBuffer: 8_000_000, timeout: 20_000 });
}

/** Programs of random paths, texts, checks and units, with all that a shell might take for its own. */
class Programs {
  readonly #random: () => number;
  constructor(from: number) {
    this.#random = seededRandom(from);
  }

  below = (end: number) => randomBelow(this.#random, end);
  pick = <T>(from: readonly T[]): T => from[this.below(from.length)] as T;
  text(most: number, pieces: readonly string[]): string {
    return Array.from({ length: this.below(most) }, () => this.pick(pieces)).join('');
  }
  some<T>(most: number, make: () => T): T[] {
    return Array.from({ length: this.below(most) }, make);
  }

  path(): string {
    const parts = this.some(3, () => `x${this.text(6, inLine)}`.replaceAll('/', '_').trimEnd());
    return `/etc${parts.map((part) => `/${part}`).join('')}/-${this.below(1000)}`;
  }
  action = (): UnitStep => {
    const verb = this.pick(unitStepVerbs);
    return { verb, unit: !takesUnit(verb) ? null : `u${this.text(4, ['a', '-', '@', '\\x2d', ':'])}.service` };
  };

  program(base = '/var/lib/quarterdeck'): HostProgram {
    const contents: Record<string, string> = {};
    const state = (): FileState => {
      if (this.below(5) === 0) return absent;
      const text = this.text(40, anywhere);
      contents[hashOf(text)] = text;
      return fileOf(text);
    };
    const step: Omit<PlannedStep, 'hosts'> = {
      files: this.some(5, () => ({ path: this.path(), before: state(), after: state() })),
      actions: this.some(5, this.action),
      undo: this.some(5, this.action),
      validators: this.some(4, () => ({
        name: `n${this.text(6, inLine)}`,
        when: this.pick(['staged', 'in-place'] as const),
        path: this.path(),
        command: `c${this.text(20, anywhere)}`,
      })),
      gates: [],
    };
    return { id: '20260101-abcdef', base, note: `n${this.text(20, anywhere)}`, step, contents };
  }
}
const inLine = [
  "'",
  '"',
  '$',
  '$(id)',
  '`id`',
  '\\',
  ' ',
  '*',
  '~',
  '#',
  ';',
  '&&',
  '}',
  'ö',
  '🛥',
  '-',
  '%s',
  '!',
  'é',
  'ﬀ',
];
const anywhere = [...inLine, '\n', '\t', '\r', "\n'\n", '\nEOF\n', '\\n', 'esac', ';;', '\u0001', '\u007f', '\ufeff'];

/** What the functions above change.sh say, word by word, each ended by a NUL. */
const teller = `
qd_tell() { printf '%s\\0' "$#" "$@"; }
printf '%s\\0' "$qd_base" "$qd_id" "$qd_note" "$qd_count" "$qd_staging" "$qd_reloads"
for qd_each in qd_files qd_validators qd_actions qd_undo; do $qd_each qd_tell; printf '%s\\0' end; done
qd_at=0
while [ "$qd_at" -lt "$qd_count" ]; do qd_content "$qd_at"; printf '\\0'; qd_at=$((qd_at + 1)); done
`;

function wordsOf({ base, id, note, step, contents }: HostProgram): string[] {
  const told = (lists: string[][]) => [...lists.flatMap((words) => [String(words.length), ...words]), 'end'];
  const acts = (steps: readonly UnitStep[]) =>
    told(steps.map(({ verb, unit }) => (unit === null ? [verb] : [verb, unit])));
  const reads = step.actions.some(({ verb }) => !/start$|stop|^reload|^set-/.test(verb));
  const staged = step.validators.some(({ when }) => when === 'staged');
  return [
    base,
    id,
    note,
    String(step.files.length),
    staged ? 'yes' : 'no',
    reads ? 'yes' : 'no',
    ...told(step.files.map(({ path, before, after }, at) => [`${at}`, path, stateWord(before), stateWord(after)])),
    ...told(step.validators.map(({ when, name, path, command }) => [when, name, path, command])),
    ...acts(step.actions),
    ...acts(step.undo),
    ...step.files.map(({ after }) => (after.kind === 'absent' ? '' : (contents[after.hash] ?? '?'))),
  ];
}

describe('the program of a change', () => {
  beforeEach(() => skipUnless(process.platform === 'linux', 'hosts are Linux, with its shells'));

  it.each(shells)(`%s reads it, and gets exactly the bytes and words that went in (QD_SEED=${seed})`, (shell) => {
    skipUnless(has(shell), `${shell} is not installed here`);
    const programs = new Programs(seed);
    const file = join(folder, 'program');
    for (let round = 0; round < 40; round++) {
      const made = programs.program();
      for (const { path } of made.step.files) expect(filePath.safeParse(path).success).toBe(true);
      const data = programData(made);
      writeFileSync(file, data + scripts.change);
      const checked = run(shell, ['-n', file]);
      expect([checked.status, checked.stderr.toString()]).toEqual([0, '']);
      writeFileSync(file, data + teller);
      // A login's own language must not matter.
      const told = run(shell, [file], { PATH: process.env['PATH'], LC_ALL: programs.pick(['C', 'C.UTF-8']) });
      expect(told.stderr.toString()).toBe('');
      expect(told.stdout.toString().split('\0')).toEqual([...wordsOf(made), '']);
    }
  });

  it('a text of the largest size comes through, and one with a NUL or that is not there is refused', () => {
    const large = `${"it's ".repeat(52_428)}\n`;
    const made = (text: string, contents: Record<string, string> = { [hashOf(text)]: text }): HostProgram => ({
      ...new Programs(1).program(),
      step: {
        files: [{ path: '/etc/a', before: absent, after: fileOf(text) }],
        actions: [],
        undo: [],
        validators: [],
        gates: [],
      },
      contents,
    });
    writeFileSync(join(folder, 'program'), programData(made(large)) + teller);
    expect(run('sh', ['program']).stdout.toString().split('\0').at(-2)).toBe(large);
    expect(() => programData(made('a\0b'))).toThrow(RangeError);
    expect(() => programData(made('a', {}))).toThrow(`lacks the text ${hashOf('a')}`);
  });

  it(`cut at any place it changes nothing, whatever it is asked for (QD_SEED=${seed})`, () => {
    // Where systemd runs, a program that were not cut after all would set a real timer.
    const verbs = existsSync('/run/systemd/system') ? ['read'] : ['read', 'apply', 'confirm', 'fence', 'restore'];
    const programs = new Programs(seed + 1);
    const base = join(folder, 'base');
    const target = join(folder, 'target.conf');
    const made = programs.program(base);
    const files = [{ path: target, before: fileOf('old'), after: fileOf('new') }];
    const step = { files, actions: [], undo: [], validators: [], gates: [] };
    const text = programData({ ...made, step, contents: { [hashOf('new')]: 'new' } }) + scripts.change;
    const own = join(base, 'changes', made.id);
    mkdirSync(join(own, 'before'), { recursive: true });
    writeFileSync(join(base, 'journal'), '1 other 1 begun\n');
    writeFileSync(target, 'old');
    writeFileSync(join(own, 'program'), text);
    cpSync(base, join(folder, 'copy'), { recursive: true });
    const print = () =>
      execFileSync(
        'sh',
        ['-c', 'find base target.conf -printf "%p %y %m %i %T@ %C@\\n" | sort; cat target.conf base/journal'],
        {
          cwd: folder,
        },
      ).toString();
    const before = print();
    const program = join(folder, 'cut');
    // Behind its last esac it is whole.
    const end = text.lastIndexOf('esac');
    for (let at = 0; at < 200; at++) {
      const verb = verbs[at % verbs.length] ?? 'read';
      const cut = at < 20 ? end - at : programs.below(end);
      writeFileSync(program, text.slice(0, cut));
      run('sh', [program, verb, '1', '60']);
      expect([cut, verb, print()]).toEqual([cut, verb, before]);
    }
    // The proof that all of this looks at the right place: whole, it writes.
    writeFileSync(program, text);
    run('sh', [program, 'fence', '7']);
    expect(readFileSync(join(own, 'token'), 'utf8')).toBe('7\n');
    expect(print()).not.toBe(before);
  });
});
