import type { DocumentFormat } from '#shared/contract/document.ts';
import { MachineText } from '../../ui/machine-text.tsx';
import { type EditorMark, YamlEditor } from '../../ui/yaml-editor.tsx';

/** The editor of a document's text, with remarks at their lines; the one place that says which editor it is. */
export function DocumentText({
  name,
  text,
  marks,
  jumpTo,
  readOnly,
  onText,
  onSave,
}: {
  readonly name: string;
  readonly format: DocumentFormat;
  /** Of a `file`: what it is called on the host, which says what is written in it. */
  readonly path: string | null;
  readonly text: string;
  readonly marks: readonly EditorMark[];
  readonly jumpTo: { readonly line: number } | null;
  readonly readOnly: boolean;
  readonly onText: (text: string) => void;
  readonly onSave: () => void;
}) {
  if (readOnly) return <MachineText label={`Text of ${name}`} text={text} />;
  return (
    <YamlEditor label={`Text of ${name}`} text={text} marks={marks} jumpTo={jumpTo} onText={onText} onSave={onSave} />
  );
}
