import { type List, type Part, SyntaxProblem, type Word } from './syntax.ts';

const ends = new Set([' ', '\t', '\n', ';', '&', '|', '<', '>', '(', ')']);
const operators = [':-', ':=', ':+', ':?', '##', '%%', '-', '=', '+', '?', '#', '%'];

/** Reads words of shell text: quotes, parameters, command and arithmetic substitution. */
export abstract class WordReader {
  protected readonly text: string;
  protected at = 0;

  constructor(text: string) {
    this.text = text;
  }

  /** Commands up to a `)` that is not part of them. */
  protected abstract listUntilParenthesis(): List;

  protected peek(ahead = 0): string {
    return this.text.charAt(this.at + ahead);
  }

  protected skipBlanks(): void {
    for (;;) {
      const next = this.peek();
      if (next === ' ' || next === '\t') this.at++;
      else if (next === '\\' && this.peek(1) === '\n') this.at += 2;
      else if (next === '#') while (this.at < this.text.length && this.peek() !== '\n') this.at++;
      else return;
    }
  }

  /** The word that begins here; null when an operator or the end does. */
  protected word(): Word | null {
    if (this.at >= this.text.length || ends.has(this.peek())) return null;
    const parts: Part[] = [];
    while (this.at < this.text.length && !ends.has(this.peek())) this.#piece(parts);
    return parts;
  }

  #piece(parts: Part[]): void {
    const next = this.peek();
    if (next === '\\') {
      this.at += 2;
      const escaped = this.text.charAt(this.at - 1);
      if (escaped !== '\n') addText(parts, escaped, true);
    } else if (next === "'") {
      const close = this.text.indexOf("'", this.at + 1);
      if (close < 0) throw new SyntaxProblem('Unterminated quoted string');
      addText(parts, this.text.slice(this.at + 1, close), true);
      this.at = close + 1;
    } else if (next === '"') {
      this.at++;
      this.quoted(parts, '"');
    } else if (next === '$' || next === '`') {
      this.#substitution(parts, false);
    } else {
      this.at++;
      addText(parts, next, false);
    }
  }

  /** Up to `close`, as between double quotes. An empty text still makes a field. */
  protected quoted(parts: Part[], close: string): void {
    addText(parts, '', true);
    for (;;) {
      const next = this.peek();
      if (this.at >= this.text.length) {
        if (close === '') return;
        throw new SyntaxProblem('Unterminated quoted string');
      }
      if (next === close) {
        this.at++;
        return;
      }
      if (next === '\\') {
        const escaped = this.peek(1);
        this.at += 2;
        if ('$`"\\'.includes(escaped) && (escaped !== '"' || close === '"')) addText(parts, escaped, true);
        else if (escaped !== '\n') addText(parts, `\\${escaped}`, true);
      } else if (next === '$' || next === '`') this.#substitution(parts, true);
      else {
        this.at++;
        addText(parts, next, true);
      }
    }
  }

  #substitution(parts: Part[], quoted: boolean): void {
    if (this.peek() === '`') {
      const close = this.#closingTick();
      const inner = this.text.slice(this.at + 1, close).replace(/\\([`$\\])/g, '$1');
      this.at = close + 1;
      parts.push({ kind: 'command', list: this.nested(inner), quoted });
      return;
    }
    this.at++;
    const next = this.peek();
    if (next === '(' && this.peek(1) === '(') this.#arithmetic(parts, quoted);
    else if (next === '(') {
      this.at++;
      parts.push({ kind: 'command', list: this.listUntilParenthesis(), quoted });
    } else if (next === '{') this.#braced(parts, quoted);
    else {
      const name = /^(?:[A-Za-z_]\w*|[0-9@*#?$!-])/.exec(this.text.slice(this.at, this.at + 256))?.[0];
      if (!name) addText(parts, '$', quoted);
      else {
        this.at += name.length;
        parts.push({ kind: 'variable', name, operator: '', argument: null, quoted });
      }
    }
  }

  protected abstract nested(text: string): List;

  /** A word as between double quotes, from a text of its own. */
  protected abstract wordOf(text: string): Word;

  #closingTick(): number {
    for (let at = this.at + 1; at < this.text.length; at++) {
      if (this.text[at] === '\\') at++;
      else if (this.text[at] === '`') return at;
    }
    throw new SyntaxProblem('EOF in backquote substitution');
  }

  #arithmetic(parts: Part[], quoted: boolean): void {
    let depth = 0;
    const begin = this.at + 2;
    for (let at = begin; at < this.text.length; at++) {
      if (this.text[at] === '(') depth++;
      else if (this.text[at] === ')') {
        if (depth === 0 && this.text[at + 1] === ')') {
          this.at = at + 2;
          parts.push({ kind: 'arithmetic', expression: this.wordOf(this.text.slice(begin, at)), quoted });
          return;
        }
        depth--;
      }
    }
    throw new SyntaxProblem("Missing '))'");
  }

  #braced(parts: Part[], quoted: boolean): void {
    this.at++;
    const isLength = this.peek() === '#' && this.peek(1) !== '}';
    if (isLength) this.at++;
    const name = /^(?:[A-Za-z_]\w*|\d+|[@*#?$!-])/.exec(this.text.slice(this.at, this.at + 256))?.[0];
    if (!name) throw new SyntaxProblem('Bad substitution');
    this.at += name.length;
    const operator = operators.find((each) => this.text.startsWith(each, this.at)) ?? '';
    this.at += operator.length;
    const argument: Part[] = [];
    while (this.peek() !== '}') {
      if (this.at >= this.text.length) throw new SyntaxProblem("Missing '}'");
      if (!operator) throw new SyntaxProblem('Bad substitution');
      this.#piece(argument);
    }
    this.at++;
    parts.push({
      kind: 'variable',
      name,
      operator: isLength ? '#n' : operator,
      argument: operator ? argument : null,
      quoted,
    });
  }
}

function addText(parts: Part[], text: string, quoted: boolean): void {
  const last = parts.at(-1);
  if (last?.kind === 'text' && last.quoted === quoted) parts[parts.length - 1] = { ...last, text: last.text + text };
  else parts.push({ kind: 'text', text, quoted });
}
