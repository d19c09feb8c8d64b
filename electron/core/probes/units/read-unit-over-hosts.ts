import { createHash } from 'node:crypto';
import { fail, toProblem } from '#shared/contract/problem.ts';
import type { UnitFilesOfHost, UnitFilesOverHosts } from '#shared/contract/unit.ts';
import { cleanLine } from '#shared/lib/clean-text.ts';
import type { HostAccess } from '../../hosts/host-access.ts';
import { Limiter } from '../../lib/limiter.ts';
import { readProperties } from './read-properties.ts';
import { readUnitFiles } from './read-unit-files.ts';

const atOnce = 20;
type Texts = UnitFilesOverHosts['variants'][string];

/**
 * What one unit is made of on these hosts: its file and drop-ins, told once for all hosts on which the texts are the same,
 * wherever they lie. A host that cannot be read has the reason; an aborted `signal` asks no further host.
 */
export async function readUnitOverHosts(
  access: (host: string) => HostAccess,
  hosts: readonly string[],
  unit: string,
  signal: AbortSignal,
): Promise<UnitFilesOverHosts> {
  const variants: Record<string, Texts> = {};
  const limiter = new Limiter(atOnce);
  const read = await Promise.all(
    [...new Set(hosts)].map((host) =>
      limiter.run(async () => {
        if (signal.aborted) throw fail('cancelled', 'nobody waits for it any more');
        const { files, texts } = await readOn(access, host, unit);
        if (files.variant !== null && texts) variants[files.variant] ??= texts;
        return files;
      }),
    ),
  );
  return { hosts: read, variants };
}

async function readOn(
  access: (host: string) => HostAccess,
  host: string,
  unit: string,
): Promise<{ files: UnitFilesOfHost; texts: Texts | null }> {
  const none = { host, variant: null, load: '', active: '', unitFileState: '', paths: [], needDaemonReload: false };
  try {
    const { properties } = await readProperties(access(host), unit);
    const paths = [properties.text('FragmentPath'), ...properties.list('DropInPaths')].filter((path) => path !== '');
    const masked = properties.text('LoadState') === 'masked';
    // What masks a unit is a link to /dev/null: there is nothing to read.
    const { files } = await readUnitFiles(access(host), masked ? [] : paths, 0);
    const closed = files.filter((file) => !file.read).map(({ path }) => path);
    const texts = files.length > 0 && closed.length === 0 ? files.map(({ path, text }) => ({ path, text })) : null;
    return {
      files: {
        host,
        variant: texts && hashOf(texts),
        load: cleanLine(properties.text('LoadState'), 50),
        active: cleanLine(properties.text('ActiveState'), 50),
        unitFileState: cleanLine(properties.text('UnitFileState'), 50),
        paths,
        needDaemonReload: properties.text('NeedDaemonReload') === 'yes',
        reason:
          closed.length > 0
            ? { code: 'permission', message: `the login user cannot read ${cleanLine(closed.join(', '), 300)}`, host }
            : null,
      },
      texts,
    };
  } catch (error) {
    const problem = toProblem(error);
    const reason = problem.code === 'not-found' ? null : { ...problem, host };
    return { files: { ...none, load: reason ? '' : 'not-found', reason }, texts: null };
  }
}

/** Where the files lie is no part of it: /lib and /usr/lib hold the same unit. */
function hashOf(texts: Texts): string {
  const hash = createHash('sha256');
  for (const { text } of texts) hash.update(text).update('\0');
  return hash.digest('hex');
}
