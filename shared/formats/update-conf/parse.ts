/** One file that update_engine looks its settings up in. */
export interface UpdateConf {
  readonly path: string;
  readonly values: ReadonlyMap<string, string>;
}

/** A setting and the file that it came from. */
export interface ConfSetting {
  readonly value: string;
  readonly source: string;
}

const mostLines = 1000;
const longestLine = 4000;

/**
 * Reads update.conf or `release` as update_engine does: `KEY=value`, split at the first `=`, one pair of quotes taken off; no
 * comments, nothing trimmed. The last value of a key counts.
 */
export function parseUpdateConf(path: string, text: string): UpdateConf {
  const values = new Map<string, string>();
  for (const line of text.split('\n', mostLines)) {
    const at = line.indexOf('=');
    if (at > 0 && line.length <= longestLine) values.set(line.slice(0, at), unquoted(line.slice(at + 1)));
  }
  return { path, values };
}

function unquoted(value: string): string {
  const quote = value.charAt(0);
  const paired = value.length > 1 && (quote === '"' || quote === "'") && value.endsWith(quote);
  return paired ? value.slice(1, -1) : value;
}

/** Looks a key up file by file: the first file that has it decides, whatever the others say. */
export function lookUpConf(files: readonly UpdateConf[], key: string): ConfSetting | null {
  for (const { path, values } of files) {
    const value = values.get(key);
    if (value !== undefined) return { value, source: path };
  }
  return null;
}
