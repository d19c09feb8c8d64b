import type { ChangeDraft, ChangePart, ComparedFile } from '#shared/contract/change.ts';
import { defaultWaves } from '#shared/contract/change.ts';
import { suggestedSteps } from '#shared/lib/change/suggest.ts';
import { updateConfEntry } from '#shared/lib/form/update-conf.ts';

/** A move to another channel of update_engine: the change that writes it, and who is left out. */
export interface ChannelMove {
  /** Null where no file has to be written. */
  readonly draft: ChangeDraft | null;
  readonly leftOut: readonly { readonly host: string; readonly why: string }[];
}

/** What sets the channel in a host's update.conf, with everything else of the file as it is. */
export function moveToChannel(
  path: string,
  channel: string,
  files: readonly ComparedFile[],
  texts: Readonly<Record<string, string>>,
): ChannelMove {
  const leftOut: { host: string; why: string }[] = [];
  const parts = new Map<string, ChangePart>();
  for (const { host, kind, hash, reason } of files) {
    if (kind !== 'file' && kind !== 'absent') {
      leftOut.push({ host, why: reason?.message ?? `${path} is no plain file there` });
      continue;
    }
    const before = kind === 'file' ? texts[hash] : '';
    const content = before === undefined ? null : withChannel(path, before, channel);
    if (typeof content !== 'string') {
      leftOut.push({ host, why: content === null ? `${path} could not be read` : content.why });
      continue;
    }
    if (content === before) {
      leftOut.push({ host, why: `it follows ${channel} already` });
      continue;
    }
    const part = parts.get(content);
    const seen = kind === 'file' ? hash : null;
    const [file] = part?.files ?? [];
    if (part && file?.seen) {
      part.hosts.push(host);
      file.seen[host] = seen;
      continue;
    }
    parts.set(content, {
      hosts: [host],
      files: [{ path, content, mode: null, owner: null, seen: { [host]: seen } }],
      actions: suggestedSteps(path),
      validators: [],
      gates: [],
    });
  }
  const made = [...parts.values()];
  const draft =
    made.length === 0 ? null : { title: `Move to the channel ${channel}`, parts: made, policy: defaultWaves };
  return { draft, leftOut };
}

function withChannel(path: string, text: string, channel: string): string | { readonly why: string } {
  const { fields } = updateConfEntry({ name: path, text, above: 0, put: (next) => next });
  const field = fields.find(({ id }) => id.endsWith(' GROUP'));
  if (!field || field.kind === 'list') return { why: `${path} has no channel to set` };
  const wrong = field.check(channel);
  if (wrong !== null) return { why: wrong };
  if (field.value === channel) return text;
  const made = field.write(channel);
  return typeof made === 'string' ? made : { why: made.message };
}
