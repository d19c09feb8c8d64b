import { useRef } from 'react';
import { useStore } from 'zustand';
import type { ConfigDocument } from '#shared/contract/document.ts';
import { hasForm } from '#shared/lib/form/read-form.ts';
import { useConsole } from '../../state/console.ts';
import { useKeys } from '../../state/keyboard.ts';
import { Button, Keys } from '../../ui/button.tsx';
import { Segments } from '../../ui/field.tsx';
import { useWidth } from '../../ui/use-width.ts';
import { FormPane } from './form-pane.tsx';
import { useUndo } from './use-undo.ts';

/** From here on text and form have room side by side. */
const wide = 940;

/** The editor of a text and its form, one at a time or side by side; the editor alone where there is no form. */
export function TextAndForm(props: Props) {
  return hasForm(props.document) ? <Both {...props} /> : props.children;
}

interface Props {
  readonly document: ConfigDocument;
  readonly readOnly: boolean;
  readonly onText: (text: string) => void;
  readonly onJump: (line: number | null) => void;
  /** The editor. */
  readonly children: React.ReactNode;
}

function Both({ document, readOnly, onText, onJump, children }: Props) {
  const { preferences } = useConsole();
  const liked = useStore(preferences, (state) => state.textView);
  const frame = useRef<HTMLDivElement>(null);
  const isWide = useWidth(frame) >= wide;
  const { onForm, undo } = useUndo(document.content, onText);
  const view = liked === 'both' && !isWide ? 'text' : liked;
  const views = [
    { value: 'text' as const, label: 'Text' },
    { value: 'form' as const, label: 'Form' },
    ...(isWide ? [{ value: 'both' as const, label: 'Side by side' }] : []),
  ];
  useKeys('Text and form', 'part', [
    {
      keys: 'Mod+Shift+f',
      label: 'Show the text, the form, or both',
      typing: true,
      run: () => {
        const at = views.findIndex(({ value }) => value === view);
        const next = views[(at + 1) % views.length]?.value ?? 'text';
        onJump(null);
        preferences.setState({ textView: next });
      },
    },
  ]);
  return (
    <div className="text-and-form" ref={frame}>
      <div className="text-and-form-bar">
        <Segments
          label="How the document is edited"
          value={view}
          options={views}
          onChange={(textView) => {
            onJump(null);
            preferences.setState({ textView });
          }}
        />
        <Keys keys="Ctrl Shift F" />
        {view !== 'text' && undo && (
          <Button kind="quiet" className="text-and-form-undo" onClick={undo}>
            Undo the last edit
          </Button>
        )}
      </div>
      <div className="text-and-form-panes">
        {view !== 'form' && children}
        {view !== 'text' && (
          <FormPane
            document={document}
            readOnly={readOnly}
            onText={onForm}
            onJump={(line) => {
              if (view === 'form') preferences.setState({ textView: 'text' });
              onJump(line);
            }}
          />
        )}
      </div>
    </div>
  );
}
