import type { Completion, CompletionContext, CompletionResult } from '@codemirror/autocomplete';
import { directivesOf, sectionsOf, type SystemdFile } from '#shared/formats/systemd-unit/known-directives.ts';

/** Sections, directives with the manual page that documents them, and values where they are few. */
export function completeSystemd(file: SystemdFile): (context: CompletionContext) => CompletionResult | null {
  return (context) => {
    const line = context.state.doc.lineAt(context.pos);
    const before = line.text.slice(0, context.pos - line.from);
    const head = /^\s*\[([\w-]*)$/.exec(before);
    if (head) {
      const options = sectionsOf(file).map((name): Completion => ({ label: name, type: 'class', apply: `${name}]` }));
      return { from: context.pos - (head[1]?.length ?? 0), options, validFor: /^[\w-]*$/ };
    }
    const section = sectionAt(context, line.number);
    if (section === null) return null;
    const directives = directivesOf(file, section);
    const value = /^\s*([\w-]+)\s*=\s*([\w-]*)$/.exec(before);
    if (value) {
      const values = directives.get(value[1] ?? '')?.values;
      if (!values) return null;
      const options = values.map((label): Completion => ({ label, type: 'enum' }));
      return { from: context.pos - (value[2]?.length ?? 0), options, validFor: /^[\w-]*$/ };
    }
    const name = /^\s*([A-Za-z0-9-]*)$/.exec(before);
    if (!name || (name[1] === '' && !context.explicit)) return null;
    const options = [...directives.values()].map(
      ({ name: label, page }): Completion => ({ label, type: 'property', detail: page, apply: `${label}=` }),
    );
    return { from: context.pos - (name[1]?.length ?? 0), options, validFor: /^[A-Za-z0-9-]*$/ };
  };
}

/** The section that a line stands in; null above the first. */
function sectionAt({ state }: CompletionContext, lineNumber: number): string | null {
  for (let at = lineNumber; at >= 1; at--) {
    const head = /^\s*\[([^\]]+)\]\s*$/.exec(state.doc.line(at).text);
    if (head) return head[1] ?? null;
  }
  return null;
}
