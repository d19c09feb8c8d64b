import type { CompletionContext, CompletionSource } from '@codemirror/autocomplete';
import type { DocumentFormat } from '#shared/contract/document.ts';
import { isSystemdFile } from '#shared/formats/systemd-unit/known-directives.ts';
import { embeddedAt } from '#shared/lib/document/check-embedded.ts';
import { completeSystemd } from '../../ui/code-editor/complete-systemd.ts';

/** In a unit or a file of networkd that a provisioning text holds its directives are offered, elsewhere what `outside` offers. */
export function completeEmbedded(format: Exclude<DocumentFormat, 'file'>, outside: CompletionSource): CompletionSource {
  return (context: CompletionContext) => {
    const content = context.state.doc.toString();
    const inside = embeddedAt({ name: 'text', format, targets: '', file: null, content }, context.pos);
    if (!inside) return outside(context);
    // A section is looked for upwards, and the file begins with one; lines may be indented as they are here.
    return isSystemdFile(inside.language) ? completeSystemd(inside.language)(context) : null;
  };
}
