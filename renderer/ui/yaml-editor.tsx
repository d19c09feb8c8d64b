import { yaml } from '@codemirror/lang-yaml';
import { syntaxHighlighting } from '@codemirror/language';
import { type Diagnostic, lintGutter, setDiagnostics } from '@codemirror/lint';
import { classHighlighter } from '@lezer/highlight';
import { basicSetup, EditorView } from 'codemirror';
import { useEffect, useLayoutEffect, useRef } from 'react';
import './yaml-editor.css';

/** A remark at a place of the text; line and column count from 1. */
export interface EditorMark {
  readonly line: number;
  readonly column: number | undefined;
  readonly text: string;
}

/** An editor for YAML with remarks at their lines; Ctrl/Cmd-S saves. */
export function YamlEditor({
  label,
  text,
  marks,
  jumpTo,
  onText,
  onSave,
}: {
  readonly label: string;
  readonly text: string;
  readonly marks: readonly EditorMark[];
  /** A line to put the cursor on, each time a new object is given. */
  readonly jumpTo: { readonly line: number } | null;
  readonly onText: (text: string) => void;
  readonly onSave: () => void;
}) {
  const place = useRef<HTMLDivElement>(null);
  const editor = useRef<EditorView | null>(null);
  const latest = useRef({ onText, onSave });
  useLayoutEffect(() => {
    latest.current = { onText, onSave };
  });
  const first = useRef(text);

  useEffect(() => {
    if (!place.current) return undefined;
    const view = new EditorView({
      doc: first.current,
      parent: place.current,
      extensions: [
        basicSetup,
        yaml(),
        syntaxHighlighting(classHighlighter),
        lintGutter(),
        EditorView.contentAttributes.of({ 'aria-label': label, tabindex: '0' }),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) latest.current.onText(update.state.doc.toString());
        }),
        EditorView.domEventHandlers({
          keydown: (event) => {
            if (event.key !== 's' || !(event.ctrlKey || event.metaKey)) return false;
            event.preventDefault();
            latest.current.onSave();
            return true;
          },
        }),
      ],
    });
    editor.current = view;
    return () => {
      view.destroy();
      editor.current = null;
    };
  }, [label]);

  useEffect(() => {
    const view = editor.current;
    if (!view || view.state.doc.toString() === text) return;
    view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } });
  }, [text]);

  useEffect(() => {
    const view = editor.current;
    if (view)
      view.dispatch(
        setDiagnostics(
          view.state,
          marks.map((mark) => diagnostic(view, mark)),
        ),
      );
  }, [marks]);

  useEffect(() => {
    const view = editor.current;
    if (!view || !jumpTo) return;
    const line = view.state.doc.line(Math.max(1, Math.min(jumpTo.line, view.state.doc.lines)));
    view.dispatch({ selection: { anchor: line.from }, effects: EditorView.scrollIntoView(line.from, { y: 'center' }) });
    view.focus();
  }, [jumpTo]);

  return <div className="yaml-editor" ref={place} />;
}

function diagnostic(view: EditorView, mark: EditorMark): Diagnostic {
  const { doc } = view.state;
  const line = doc.line(Math.max(1, Math.min(mark.line, doc.lines)));
  const from = Math.min(line.to, line.from + Math.max(0, (mark.column ?? 1) - 1));
  return { from, to: Math.max(from, line.to), severity: 'error', message: mark.text };
}
