import type { AndOr, Assignment, Command, List, Part, Pipeline, Redirect, Word } from './syntax.ts';
import { SyntaxProblem } from './syntax.ts';
import { WordReader } from './word-reader.ts';

const reserved = new Set(['then', 'else', 'elif', 'fi', 'do', 'done', 'esac', '}', 'in']);
const kindOf: Readonly<Record<string, Redirect['kind']>> = { '<': 'read', '>>': 'append', '<>': 'overwrite' };
const known = new Map<string, List>();
const mostKnown = 200;

/** The commands of a shell text; the same text is read only once. Throws SyntaxProblem. */
export function parseShell(text: string): List {
  let list = known.get(text);
  if (!list) {
    list = new Parser(text).whole();
    if (known.size >= mostKnown) known.clear();
    known.set(text, list);
  }
  return list;
}

class Parser extends WordReader {
  /** Here-documents whose text begins after the present line. */
  #awaited: { end: string; plain: boolean; tabs: boolean; redirect: { target: Word } }[] = [];

  whole(): List {
    const list = this.#list([]);
    if (this.at < this.text.length) throw this.#unexpected();
    return list;
  }

  protected override listUntilParenthesis(): List {
    const list = this.#list([]);
    if (this.peek() !== ')') throw new SyntaxProblem('end of file unexpected (expecting ")")');
    this.at++;
    return list;
  }

  protected override nested(text: string): List {
    return new Parser(text).whole();
  }

  protected override wordOf(text: string): Word {
    const parts: Part[] = [];
    new Parser(text).quoted(parts, '');
    return parts;
  }

  #unexpected(): SyntaxProblem {
    const word = /^[^\s]{1,20}/.exec(this.text.slice(this.at))?.[0];
    return new SyntaxProblem(word ? `"${word}" unexpected` : 'end of file unexpected');
  }

  #newline(): void {
    this.at++;
    for (const { end, plain, tabs, redirect } of this.#awaited.splice(0)) {
      const lines: string[] = [];
      while (this.at < this.text.length) {
        const feed = this.text.indexOf('\n', this.at);
        const stop = feed < 0 ? this.text.length : feed;
        const line = this.text.slice(this.at, stop);
        this.at = stop + 1;
        const shown = tabs ? line.replace(/^\t+/, '') : line;
        if (shown === end) break;
        lines.push(`${shown}\n`);
      }
      const body = lines.join('');
      redirect.target = plain ? [{ kind: 'text', text: body, quoted: true }] : this.wordOf(body);
    }
  }

  #separators(): void {
    for (;;) {
      this.skipBlanks();
      if (this.peek() !== '\n') return;
      this.#newline();
    }
  }

  /** Items up to one of the `stops` words, a `)`, `;;` or the end. */
  #list(stops: readonly string[]): List {
    const items: AndOr[] = [];
    for (;;) {
      this.#separators();
      if (this.at >= this.text.length || this.peek() === ')' || this.text.startsWith(';;', this.at)) return items;
      if (stops.some((stop) => this.#isAt(stop))) return items;
      const item = this.#andOr();
      const isBackground = this.peek() === '&';
      items.push({ steps: item, background: isBackground });
      if (isBackground || (this.peek() === ';' && this.peek(1) !== ';')) this.at++;
      else if (this.peek() !== '\n' && this.peek() !== ')' && this.at < this.text.length && this.peek() !== ';')
        throw this.#unexpected();
    }
  }

  #andOr(): AndOr['steps'] {
    const steps: { after: '' | '&&' | '||'; pipeline: Pipeline }[] = [{ after: '', pipeline: this.#pipeline() }];
    for (;;) {
      this.skipBlanks();
      const operator = this.text.slice(this.at, this.at + 2);
      if (operator !== '&&' && operator !== '||') return steps;
      this.at += 2;
      this.#separators();
      steps.push({ after: operator, pipeline: this.#pipeline() });
    }
  }

  #pipeline(): Pipeline {
    let negated = false;
    while (this.#takes('!')) negated = !negated;
    const commands = [this.#command()];
    for (;;) {
      this.skipBlanks();
      if (this.peek() !== '|' || this.peek(1) === '|') return { negated, commands };
      this.at++;
      this.#separators();
      commands.push(this.#command());
    }
  }

  /** Is the next word this one, unquoted and whole? */
  #isAt(word: string): boolean {
    this.skipBlanks();
    if (!this.text.startsWith(word, this.at)) return false;
    return /^(?:[\s;&|()<>]|$)/.test(this.text.charAt(this.at + word.length));
  }

  #takes(word: string): boolean {
    if (!this.#isAt(word)) return false;
    this.at += word.length;
    return true;
  }

  #expect(word: string): void {
    this.#separators();
    if (!this.#takes(word)) {
      const found = this.#unexpected();
      throw new SyntaxProblem(`${found.message} (expecting "${word}")`);
    }
  }

  #command(): Command {
    this.skipBlanks();
    if (this.peek() === '(') {
      this.at++;
      const body = this.listUntilParenthesis();
      return { kind: 'subshell', body, redirects: this.#redirects() };
    }
    if (this.#takes('{')) {
      const body = this.#list(['}']);
      this.#expect('}');
      return { kind: 'group', body, redirects: this.#redirects() };
    }
    if (this.#takes('if')) return this.#if();
    if (this.#takes('for')) return this.#for();
    if (this.#takes('while')) return this.#while(false);
    if (this.#takes('until')) return this.#while(true);
    if (this.#takes('case')) return this.#case();
    const named = /^([A-Za-z_]\w*)[ \t]*\([ \t]*\)/.exec(this.text.slice(this.at, this.at + 200));
    if (named?.[1]) {
      this.at += named[0].length;
      this.#separators();
      return { kind: 'function', name: named[1], body: this.#command(), redirects: [] };
    }
    return this.#simple();
  }

  #if(): Command {
    const branches: { test: List; body: List }[] = [];
    let otherwise: List | null = null;
    do {
      const test = this.#list(['then']);
      this.#expect('then');
      branches.push({ test, body: this.#list(['elif', 'else', 'fi']) });
    } while (this.#takes('elif'));
    if (this.#takes('else')) otherwise = this.#list(['fi']);
    this.#expect('fi');
    return { kind: 'if', branches, otherwise, redirects: this.#redirects() };
  }

  #body(): List {
    this.#expect('do');
    const body = this.#list(['done']);
    this.#expect('done');
    return body;
  }

  #while(until: boolean): Command {
    const test = this.#list(['do']);
    return { kind: 'while', until, test, body: this.#body(), redirects: this.#redirects() };
  }

  #for(): Command {
    this.skipBlanks();
    const name = /^[A-Za-z_]\w*/.exec(this.text.slice(this.at, this.at + 200))?.[0];
    if (!name) throw new SyntaxProblem('Bad for loop variable');
    this.at += name.length;
    this.#separators();
    let words: Word[] | null = null;
    if (this.#takes('in')) {
      words = [];
      for (let word = this.#nextWord(); word; word = this.#nextWord()) words.push(word);
    }
    this.skipBlanks();
    if (this.peek() === ';') this.at++;
    return { kind: 'for', name, words, body: this.#body(), redirects: this.#redirects() };
  }

  #nextWord(): Word | null {
    this.skipBlanks();
    return this.word();
  }

  #case(): Command {
    const word = this.#nextWord();
    if (!word) throw this.#unexpected();
    this.#expect('in');
    const arms: { patterns: Word[]; body: List }[] = [];
    for (;;) {
      this.#separators();
      if (this.#takes('esac')) return { kind: 'case', word, arms, redirects: this.#redirects() };
      if (this.peek() === '(') this.at++;
      const patterns: Word[] = [];
      do {
        const pattern = this.#nextWord();
        if (!pattern) throw this.#unexpected();
        patterns.push(pattern);
        this.skipBlanks();
      } while (this.#takesSign('|'));
      if (!this.#takesSign(')')) throw this.#unexpected();
      arms.push({ patterns, body: this.#list(['esac']) });
      this.#separators();
      if (this.text.startsWith(';;', this.at)) this.at += 2;
    }
  }

  #takesSign(sign: string): boolean {
    if (this.peek() !== sign) return false;
    this.at++;
    return true;
  }

  #simple(): Command {
    const assignments: Assignment[] = [];
    const words: Word[] = [];
    const redirects: Redirect[] = [];
    for (;;) {
      this.skipBlanks();
      const redirect = this.#redirect();
      if (redirect) {
        redirects.push(redirect);
        continue;
      }
      const assigned = words.length === 0 ? /^([A-Za-z_]\w*)=/.exec(this.text.slice(this.at, this.at + 200)) : null;
      if (assigned?.[1]) {
        this.at += assigned[0].length;
        assignments.push({ name: assigned[1], value: this.word() ?? [] });
        continue;
      }
      if (words.length === 0 && [...reserved].some((each) => this.#isAt(each))) break;
      const word = this.word();
      if (!word) break;
      words.push(word);
    }
    if (assignments.length + words.length + redirects.length === 0) throw this.#unexpected();
    return { kind: 'simple', assignments, words, redirects };
  }

  #redirects(): Redirect[] {
    const redirects: Redirect[] = [];
    for (let next = this.#redirect(); next; next = this.#redirect()) redirects.push(next);
    return redirects;
  }

  #redirect(): Redirect | null {
    this.skipBlanks();
    const found = /^(\d?)(<<-|<<|<>|>>|>&|<&|>\||<|>)/.exec(this.text.slice(this.at, this.at + 4));
    if (!found) return null;
    const [all, number, sign = ''] = found;
    this.at += all.length;
    this.skipBlanks();
    const target = this.word();
    if (!target) throw this.#unexpected();
    const fd = number ? Number(number) : sign.startsWith('<') ? 0 : 1;
    if (!sign.startsWith('<<')) {
      return { fd, kind: sign.endsWith('&') ? 'duplicate' : (kindOf[sign] ?? 'write'), target };
    }
    const end = target.map((part) => (part.kind === 'text' ? part.text : '')).join('');
    const plain = target.some((part) => part.quoted);
    const redirect: { fd: number; kind: 'here'; target: Word } = { fd, kind: 'here', target: [] };
    this.#awaited.push({ end, plain, tabs: sign === '<<-', redirect });
    return redirect;
  }
}
