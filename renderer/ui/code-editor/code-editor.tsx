import { syntaxHighlighting } from '@codemirror/language';
import { type Diagnostic, lintGutter, setDiagnostics } from '@codemirror/lint';
import type { CompletionSource } from '@codemirror/autocomplete';
import { EditorState } from '@codemirror/state';
import { classHighlighter } from '@lezer/highlight';
import { basicSetup, EditorView } from 'codemirror';
import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import { isSystemdFile } from '#shared/formats/systemd-unit/known-directives.ts';
import type { FileLanguage } from '#shared/lib/file-language.ts';
import { completeSystemd } from './complete-systemd.ts';
import { languageSupport } from './languages.ts';
import './code-editor.css';

/** A remark at a place of the text; line and column count from 1. */
export interface EditorMark {
  readonly line: number;
  readonly column: number | undefined;
  readonly text: string;
  /** An error when left out. */
  readonly level?: 'error' | 'warning' | 'info';
}

/**
 * An editor of a host's or a team's file: coloured, with completion where the language has names to offer, and remarks at
 * their lines. Tab leaves it, so that it is no trap for the keyboard.
 */
export function CodeEditor({
  label,
  language,
  complete = null,
  text,
  marks,
  jumpTo,
  onText,
  onSave,
  onRun,
}: {
  readonly label: string;
  readonly language: FileLanguage;
  /** Names to offer beyond those of the language; the same object from one rendering to the next. */
  readonly complete?: CompletionSource | null;
  readonly text: string;
  readonly marks: readonly EditorMark[];
  /** A line to put the cursor on, each time a new object is given. */
  readonly jumpTo: { readonly line: number } | null;
  readonly onText: (text: string) => void;
  /** Ctrl/Cmd-S. */
  readonly onSave?: () => void;
  /** Ctrl/Cmd-Enter. */
  readonly onRun?: () => void;
}) {
  const place = useRef<HTMLDivElement>(null);
  const [editor, setEditor] = useState<EditorView | null>(null);
  const latest = useRef({ onText, onSave, onRun });
  useLayoutEffect(() => {
    latest.current = { onText, onSave, onRun };
  });
  const shown = useRef(text);
  useLayoutEffect(() => {
    shown.current = text;
  });

  useEffect(() => {
    if (!place.current) return undefined;
    const own = isSystemdFile(language) ? [completeSystemd(language)] : [];
    const sources = complete ? [...own, complete] : own;
    const view = new EditorView({
      doc: shown.current,
      parent: place.current,
      extensions: [
        // Before the editor's own keys, of which one is Ctrl-Enter.
        EditorView.domEventHandlers({
          keydown: (event) => {
            if (!(event.ctrlKey || event.metaKey)) return false;
            const { onSave: save, onRun: run } = latest.current;
            const act = event.key === 's' ? save : event.key === 'Enter' ? run : undefined;
            if (!act) return false;
            event.preventDefault();
            act();
            return true;
          },
        }),
        basicSetup,
        languageSupport(language),
        EditorState.languageData.of(() => sources.map((autocomplete) => ({ autocomplete }))),
        syntaxHighlighting(classHighlighter),
        lintGutter(),
        EditorView.contentAttributes.of({ 'aria-label': label, tabindex: '0' }),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) latest.current.onText(update.state.doc.toString());
        }),
      ],
    });
    setEditor(view);
    return () => {
      view.destroy();
      setEditor(null);
    };
  }, [label, language, complete]);

  useEffect(() => {
    if (!editor || editor.state.doc.toString() === text) return;
    editor.dispatch({ changes: changeBetween(editor.state.doc.toString(), text) });
  }, [text, editor]);

  useEffect(() => {
    if (!editor) return;
    const diagnostics = marks.map((mark) => diagnostic(editor, mark));
    editor.dispatch(setDiagnostics(editor.state, diagnostics));
  }, [marks, editor]);

  useEffect(() => {
    if (!editor || !jumpTo) return;
    const line = editor.state.doc.line(Math.max(1, Math.min(jumpTo.line, editor.state.doc.lines)));
    editor.dispatch({
      selection: { anchor: line.from },
      effects: EditorView.scrollIntoView(line.from, { y: 'center' }),
    });
    editor.focus();
  }, [jumpTo, editor]);

  return <div className="code-editor" ref={place} />;
}

/** The one change between two texts, so that the cursor and what is seen stay where they are elsewhere. */
function changeBetween(was: string, is: string): { from: number; to: number; insert: string } {
  const most = Math.min(was.length, is.length);
  let from = 0;
  while (from < most && was[from] === is[from]) from++;
  let end = 0;
  while (end < most - from && was.at(-1 - end) === is.at(-1 - end)) end++;
  return { from, to: was.length - end, insert: is.slice(from, is.length - end) };
}

function diagnostic(view: EditorView, mark: EditorMark): Diagnostic {
  const { doc } = view.state;
  const line = doc.line(Math.max(1, Math.min(mark.line, doc.lines)));
  const from = Math.min(line.to, line.from + Math.max(0, (mark.column ?? 1) - 1));
  return { from, to: Math.max(from, line.to), severity: mark.level ?? 'error', message: mark.text };
}
