import type { Completion, CompletionContext, CompletionResult } from '@codemirror/autocomplete';
import type { EditorState } from '@codemirror/state';
import type { SchemaKey } from '#shared/formats/schema-keys.ts';

/** The keys that may stand below a path of keys; list items have no part in the path. `text` is the whole text. */
export type KeysAt = (path: readonly string[], text: string) => readonly SchemaKey[];

/** Keys of a YAML text by its schema, with what each does, and values where they are few. */
export function completeYaml(keysAt: KeysAt): (context: CompletionContext) => CompletionResult | null {
  return (context) => {
    const line = context.state.doc.lineAt(context.pos);
    const before = line.text.slice(0, context.pos - line.from);
    const value = /^(\s*(?:-\s+)*)([\w-]+):\s+(\S*)$/.exec(before);
    if (value) {
      const [, indent = '', key = '', typed = ''] = value;
      const about = keysAt(pathAbove(context.state, line.number, indent.length), context.state.doc.toString()).find(
        (one) => one.key === key,
      );
      const values = about?.values ?? (about?.type === 'boolean' ? ['true', 'false'] : []);
      if (values.length === 0) return null;
      return {
        from: context.pos - typed.length,
        options: values.map((label): Completion => ({ label, type: 'enum' })),
      };
    }
    const name = /^(\s*(?:-\s+)*)([\w-]*)$/.exec(before);
    if (!name || (name[2] === '' && !context.explicit)) return null;
    const [, indent = '', typed = ''] = name;
    const keys = keysAt(pathAbove(context.state, line.number, indent.length), context.state.doc.toString());
    const options = keys.map(
      ({ key, doc, type, deprecated }): Completion => ({
        label: key,
        type: 'property',
        detail: deprecated ? 'deprecated' : type,
        info: deprecated ? `${doc} Deprecated: ${deprecated}` : doc,
        apply: `${key}: `,
      }),
    );
    return { from: context.pos - typed.length, options, validFor: /^[\w-]*$/ };
  };
}

/** The keys above a line that it stands below, by their indentation. */
export function pathAbove(state: EditorState, lineNumber: number, indent: number): string[] {
  const path: string[] = [];
  let least = indent;
  for (let at = lineNumber - 1; at >= 1 && least > 0; at--) {
    const found = /^(\s*(?:-\s+)*)([\w-]+):(?:\s|$)/.exec(state.doc.line(at).text);
    const depth = found?.[1]?.length ?? Number.POSITIVE_INFINITY;
    if (!found || depth >= least) continue;
    path.unshift(found[2] ?? '');
    // What stands before a dash of the same line is as deep as the dash.
    least = (found[1] ?? '').search(/-/) === -1 ? depth : (found[1] ?? '').search(/-/) + 1;
  }
  return path;
}
