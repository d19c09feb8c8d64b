import type { Completion, CompletionSource } from '@codemirror/autocomplete';
import { sshdKeywords } from '#shared/formats/settings/sshd-dialect.ts';
import { fewWords } from '#shared/formats/sshd-config/rules.ts';
import { updateConfKeys } from '#shared/formats/update-conf/check.ts';

/** Names at the beginning of a line, and the values of those that take one of a few. */
function completeKeywords(
  names: readonly string[],
  between: string,
  valuesOf: (name: string) => readonly string[],
): CompletionSource {
  const options = names.map((label): Completion => ({ label, type: 'property', apply: label + between }));
  return (context) => {
    const line = context.state.doc.lineAt(context.pos);
    const before = line.text.slice(0, context.pos - line.from);
    const name = /^[ \t]*(\w*)$/.exec(before)?.[1];
    if (name !== undefined) {
      if (name === '' && !context.explicit) return null;
      return { from: context.pos - name.length, options, validFor: /^\w*$/ };
    }
    const value = /^[ \t]*(\w+)[ \t=]+([\w-]*)$/.exec(before);
    const values = valuesOf(value?.[1] ?? '');
    if (!value || values.length === 0) return null;
    const words = values.map((label): Completion => ({ label, type: 'enum' }));
    return { from: context.pos - (value[2]?.length ?? 0), options: words, validFor: /^[\w-]*$/ };
  };
}

const sshd = completeKeywords(sshdKeywords, ' ', (name) => fewWords.get(name.toLowerCase()) ?? []);
const updateConf = completeKeywords(updateConfKeys, '=', (name) =>
  name === 'REBOOT_STRATEGY'
    ? ['etcd-lock', 'reboot', 'off']
    : name === 'GROUP'
      ? ['stable', 'beta', 'alpha', 'lts']
      : [],
);

/** What is offered in a host's file beyond what its language has; the same object for the same kind of file. */
export function completionFor(path: string): CompletionSource | null {
  if (/\/sshd_config$|\/sshd_config\.d\/[^/]+\.conf$/.test(path)) return sshd;
  return /\/(?:flatcar|coreos)\/update\.conf$/.test(path) ? updateConf : null;
}
