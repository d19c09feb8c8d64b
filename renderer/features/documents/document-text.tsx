import type { CompletionSource } from '@codemirror/autocomplete';
import { useDeferredValue, useMemo } from 'react';
import type { ConfigDocument, DocumentFormat } from '#shared/contract/document.ts';
import { keysAt as butaneKeys } from '#shared/formats/butane/keys.ts';
import { keysAt as cloudConfigKeys } from '#shared/formats/cloud-config/keys.ts';
import { languageOf } from '#shared/lib/file-language.ts';
import { bundleRemarks, fileRemarks } from '../../parts/file-remarks.ts';
import { RemarksList } from '../../parts/remarks-list.tsx';
import { CodeEditor, type EditorMark } from '../../ui/code-editor/code-editor.tsx';
import { completionFor } from '../../ui/code-editor/complete-keywords.ts';
import { completeYaml } from '../../ui/code-editor/complete-yaml.ts';
import { completeEmbedded } from './complete-embedded.ts';
import { MachineText } from '../../ui/machine-text.tsx';

const completions: Readonly<Record<Exclude<DocumentFormat, 'file'>, CompletionSource | null>> = {
  'cloud-config': completeEmbedded(
    'cloud-config',
    completeYaml((path) => cloudConfigKeys(path)),
  ),
  butane: completeEmbedded(
    'butane',
    completeYaml((path, text) =>
      butaneKeys(path, valueOf('variant', text) ?? 'fcos', valueOf('version', text) ?? '1.7.0'),
    ),
  ),
  ignition: null,
};

/** The editor of a document's text, with remarks at their lines; the one place that says which editor it is. */
export function DocumentText({
  name,
  format,
  path,
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
  const seen = useDeferredValue(text);
  const remarks = useMemo(
    () => (format === 'file' ? fileRemarks(path ?? '', seen) : bundleRemarks(name, format, seen)),
    [name, format, path, seen],
  );
  const all = useMemo(() => [...marks, ...remarks], [marks, remarks]);
  if (readOnly) return <MachineText label={`Text of ${name}`} text={text} />;
  return (
    <div className="document-text-marked">
      <CodeEditor
        label={`Text of ${name}`}
        language={languageFor(format, path)}
        complete={format === 'file' ? completionFor(path ?? '') : completions[format]}
        text={text}
        marks={all}
        jumpTo={jumpTo}
        onText={onText}
        onSave={onSave}
      />
      <RemarksList remarks={remarks} />
    </div>
  );
}

function languageFor(format: ConfigDocument['format'], path: string | null) {
  if (format === 'file') return languageOf(path ?? '');
  return format === 'ignition' ? 'json' : 'yaml';
}

/** What a key at the very left of a YAML text says. */
function valueOf(key: 'variant' | 'version', text: string): string | undefined {
  return new RegExp(`^${key}:[ \\t]*["']?([\\w.-]+)`, 'm').exec(text)?.[1];
}
