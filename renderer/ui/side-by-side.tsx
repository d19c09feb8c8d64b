import { MergeView } from '@codemirror/merge';
import { EditorState } from '@codemirror/state';
import { EditorView, lineNumbers } from '@codemirror/view';
import { useEffect, useRef } from 'react';
import { cleanText } from '#shared/lib/clean-text.ts';
import './side-by-side.css';

const timeLimitMs = 1500;

/** Two texts beside each other, what differs marked in both; long stretches that are the same are folded. */
export function SideBySide({
  before,
  after,
  names,
}: {
  readonly before: string;
  readonly after: string;
  /** What each text is, as it is read out. */
  readonly names: readonly [before: string, after: string];
}) {
  const place = useRef<HTMLDivElement>(null);
  const [left, right] = names;
  useEffect(() => {
    if (!place.current) return undefined;
    const side = (text: string, label: string) => ({
      doc: cleanText(text),
      extensions: [
        lineNumbers(),
        EditorState.readOnly.of(true),
        EditorView.editable.of(false),
        EditorView.contentAttributes.of({
          'aria-label': label,
          role: 'textbox',
          tabindex: '0',
          'aria-readonly': 'true',
        }),
      ],
    });
    const view = new MergeView({
      a: side(before, left),
      b: side(after, right),
      parent: place.current,
      collapseUnchanged: { margin: 3, minSize: 6 },
      diffConfig: { timeout: timeLimitMs },
    });
    return () => view.destroy();
  }, [before, after, left, right]);
  return (
    <div className="side-by-side">
      <p aria-hidden="true">
        <span>{left}</span>
        <span>{right}</span>
      </p>
      <div ref={place} />
    </div>
  );
}
