import { randomUUID } from 'node:crypto';
import { cleanLine, cleanText } from '#shared/lib/clean-text.ts';
import type { HostAccess } from '../../hosts/host-access.ts';
import { commandLine } from '../../lib/shell-quote.ts';

/** A unit's files with their texts, and the command line of its main process (empty when it has none). */
export interface UnitFiles {
  readonly files: { path: string; text: string; read: boolean }[];
  readonly mainProcess: string;
}

const maxFiles = 40;
const maxFileBytes = 65_536;

/** Every part begins with a line of a marker that no file can know, so that any text may stand between. */
const script = `marker=$1 pid=$2
shift 2
printf '%s process\\n' "$marker"
[ "$pid" -gt 0 ] && tr '\\000' ' ' <"/proc/$pid/cmdline" 2>/dev/null | head -c 2000
for file do
  if [ -f "$file" ] && [ -r "$file" ]
  then printf '\\n%s file\\n' "$marker"; head -c ${maxFileBytes} "$file"
  else printf '\\n%s unread\\n' "$marker"
  fi
done
exit 0`;

/** Reads unit file, drop-ins and main process in one command; each file's first 64 KiB, at most 40 files. */
export async function readUnitFiles(access: HostAccess, paths: readonly string[], mainPid: number): Promise<UnitFiles> {
  const wanted = paths.filter((path) => path.startsWith('/') && !path.includes('\0')).slice(0, maxFiles);
  if (wanted.length === 0 && mainPid <= 0) return { files: [], mainProcess: '' };
  const marker = `quarterdeck-${randomUUID()}`;
  const command = commandLine(['/bin/sh', '-c', script, 'quarterdeck', marker, String(mainPid), ...wanted]);
  const result = await access.exec(command, { timeoutMs: 15_000, maxBytes: (maxFiles + 1) * (maxFileBytes + 200) });
  return parseUnitFiles(Buffer.from(result.stdout).toString('utf8'), marker, wanted);
}

/** Takes the printed parts apart; files that were not printed are said to be unread. */
export function parseUnitFiles(printed: string, marker: string, paths: readonly string[]): UnitFiles {
  const [process = '', ...parts] = `\n${printed}`.split(`\n${marker} `).slice(1);
  const files = paths.map((path, index) => {
    const part = parts[index] ?? '';
    const read = part.startsWith('file\n');
    const text = read ? part.slice('file\n'.length) : '# this user cannot read the file\n';
    return { path, text: cleanText(text), read };
  });
  return { files, mainProcess: cleanLine(process.replace(/^process\n/, ''), 500) };
}
