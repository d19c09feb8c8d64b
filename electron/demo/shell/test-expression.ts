import { resolvePath } from './redirect.ts';
import type { ShellState } from './state.ts';

const comparisons: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  '-eq': (a, b) => a === b,
  '-ne': (a, b) => a !== b,
  '-lt': (a, b) => a < b,
  '-le': (a, b) => a <= b,
  '-gt': (a, b) => a > b,
  '-ge': (a, b) => a >= b,
};

/** What `test` finds; a text says what is wrong with the expression. */
export function testExpression(words: readonly string[], state: ShellState): boolean | string {
  const or = words.indexOf('-o');
  if (or > 0)
    return either(testExpression(words.slice(0, or), state), () => testExpression(words.slice(or + 1), state));
  const and = words.indexOf('-a');
  if (and > 0)
    return both(testExpression(words.slice(0, and), state), () => testExpression(words.slice(and + 1), state));
  const [first = '', second = '', third = ''] = words;
  if (words.length === 0) return false;
  if (first === '!' && words.length > 1) {
    const result = testExpression(words.slice(1), state);
    return typeof result === 'boolean' ? !result : result;
  }
  if (words.length === 1) return first !== '';
  if (words.length === 2) return single(first, second, state);
  if (words.length > 3) return 'too many arguments';
  if (second === '=' || second === '==') return first === third;
  if (second === '!=') return first !== third;
  // No simulated file has a second name.
  if (second === '-ef') return resolvePath(state.directory, first) === resolvePath(state.directory, third);
  const compare = comparisons[second];
  if (!compare) return `${second}: unexpected operator`;
  if (!/^\s*-?\d+\s*$/.test(first) || !/^\s*-?\d+\s*$/.test(third)) return 'Illegal number';
  return compare(Number(first), Number(third));
}

function either(left: boolean | string, right: () => boolean | string): boolean | string {
  return left === true || typeof left === 'string' ? left : right();
}

function both(left: boolean | string, right: () => boolean | string): boolean | string {
  return left === false || typeof left === 'string' ? left : right();
}

function single(operator: string, word: string, state: ShellState): boolean | string {
  const { files } = state.host;
  const path = resolvePath(state.directory, word);
  switch (operator) {
    case '-n':
      return word !== '';
    case '-z':
      return word === '';
    case '-e':
      return files.exists(path);
    case '-f':
      return files.exists(path) && files.list(path) === null;
    case '-d':
      return files.list(path) !== null;
    case '-r':
      return files.list(path) !== null || typeof files.read(path, state.user) === 'string';
    case '-s':
      return typeof files.read(path, 'root') === 'string' && files.read(path, 'root') !== '';
    case '-w':
      return files.mayWrite(path, state.user);
    case '-x':
      return files.list(path) !== null || path.includes('bin/');
    case '-L':
    case '-h':
      return files.link(path) !== null;
    case '-t':
      return false;
    default:
      return `${operator}: unary operator expected`;
  }
}
