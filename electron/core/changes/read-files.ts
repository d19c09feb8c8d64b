import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FileState } from '#shared/contract/change.ts';
import { fail } from '#shared/contract/problem.ts';
import { cleanLine } from '#shared/lib/clean-text.ts';
import { type Elevation, elevate } from '../actions/elevation.ts';
import type { HostAccess } from '../hosts/host-access.ts';
import { hostScriptFolder } from '../probes/host-scripts.ts';

/** Files larger than this are neither shown nor changed. */
export const largestFile = 262_144;

/** What stands at a path of a host now. */
export type FoundFile =
  | { readonly kind: 'absent' | 'link' | 'other' | 'unreadable' }
  | {
      readonly kind: 'file';
      readonly state: Extract<FileState, { kind: 'file' }>;
      readonly bytes: number;
      /** Seconds since 1970 by the host's clock. */
      readonly modifiedS: number;
      /** SELinux context; null where there is none. */
      readonly label: string | null;
      /** Null when it is larger than was asked for, or not text in UTF-8. */
      readonly text: string | null;
    };

export function loadReadFilesScript(folder: string = hostScriptFolder()): string {
  return readFileSync(join(folder, 'read-files.sh'), 'utf8');
}

/**
 * Reads files of a host in one go, as the login user or (when given a way) as root. In the order of `paths`. Rejects with
 * ProblemError; a file that changes while it is read is read again, three times at most. Of files larger than `mostShown`
 * bytes everything but the text is told.
 */
export async function readFiles(
  access: HostAccess,
  script: string,
  paths: readonly string[],
  root: { readonly elevation: Exclude<Elevation, 'unknown'>; readonly password: string | null } | null,
  mostShown = largestFile,
): Promise<FoundFile[]> {
  const words = ['/bin/sh', '-c', script, 'quarterdeck-files', String(mostShown), ...paths];
  const { command, stdin } = elevate(access.host, words, root?.elevation ?? 'root', root?.password ?? null);
  for (let attempt = 1; ; attempt++) {
    const result = await access.exec(command, {
      timeoutMs: 30_000,
      maxBytes: paths.length * (mostShown + 1024) + 65_536,
      ...(stdin === null ? {} : { stdin }),
    });
    const found = parseFound(result.stdout, paths.length, mostShown);
    if (found === null) {
      const said = cleanLine(new TextDecoder().decode(result.stderr));
      throw fail('protocol', `the host did not show its files: ${said || `exit code ${result.exitCode}`}`);
    }
    if (found !== 'changing') return found;
    if (attempt === 3) throw fail('conflict', 'a file changes faster than it can be read');
  }
}

const newline = 10;

/** Reads what the script prints; `changing` when a file's bytes are not those that were hashed; null for anything else. */
export function parseFound(
  output: Uint8Array,
  count: number,
  mostShown = largestFile,
): FoundFile[] | 'changing' | null {
  const bytes = Buffer.from(output.buffer, output.byteOffset, output.byteLength);
  const mark = '== quarterdeck files\n';
  let at = bytes.indexOf(mark);
  if (at < 0) return null;
  at += mark.length;
  const found: FoundFile[] = [];
  let changing = false;
  while (found.length < count) {
    const end = bytes.indexOf(newline, at);
    if (end < 0) return null;
    const line = bytes.toString('latin1', at, end);
    at = end + 1;
    if (line === 'absent' || line === 'link' || line === 'other' || line === 'unreadable') {
      found.push({ kind: line });
      continue;
    }
    const fields = /^file ([0-9a-f]{64}) ([0-7]{1,4}) (\d{1,10}) (\d{1,10}) (\d{1,12}) (\d{1,15}) (\S+)$/.exec(line);
    if (!fields) return null;
    const [, hash = '', mode = '', uid, gid, modified, size, label = '?'] = fields;
    const length = Number(size);
    let text: string | null = null;
    if (length <= mostShown) {
      const content = bytes.subarray(at, at + length);
      at += length + 1;
      if (content.length < length || bytes[at - 1] !== newline) return null;
      if (createHash('sha256').update(content).digest('hex') === hash) text = asText(content);
      else changing = true;
    }
    found.push({
      kind: 'file',
      state: { kind: 'file', hash, mode, uid: Number(uid), gid: Number(gid) },
      bytes: length,
      modifiedS: Number(modified),
      label: label === '?' ? null : cleanLine(label, 200),
      text,
    });
  }
  if (bytes.toString('latin1', at) !== '== end\n') return null;
  return changing ? 'changing' : found;
}

function asText(bytes: Uint8Array): string | null {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    return text.includes('\0') ? null : text;
  } catch {
    return null;
  }
}
