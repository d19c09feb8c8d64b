import { fail } from '#shared/contract/problem.ts';
import type { ServerEdit } from '#shared/contract/update-server.ts';
import { archWords } from '#shared/lib/update/server-words.ts';
import type { NebraskaClient, Written } from './nebraska-client.ts';
import type { PreparedEdit } from './plan-edit.ts';
import { wirePackage } from './wire.ts';

const flatcarPackage = 1;
const mostPackages = 5000;

/** A package's metadata; what it names has to lie there already, as the server keeps no files by this. */
export async function planPackage(
  client: NebraskaClient,
  { app, metadata }: Extract<ServerEdit, { readonly verb: 'add-package' }>,
): Promise<PreparedEdit> {
  const [about, packages] = await Promise.all([client.app(app), client.packages(app, mostPackages)]);
  const { version, arch, url, filename, description, bytes, hash, sha256 } = metadata;
  if (packages.items.some((one) => one.version === version && one.arch === arch))
    throw fail('conflict', `there is a package ${version} for ${archWords(arch)} already`);
  const body = {
    application_id: about.id,
    arch,
    channels_blacklist: [],
    description,
    filename,
    flatcar_action: { sha256 },
    hash,
    size: String(bytes),
    type: flatcarPackage,
    url,
    version,
  };
  const written: Written = { method: 'POST', path: ['api', 'apps', app, 'packages'], body };
  return {
    written,
    before: {},
    warnings: ['Only what is told of the file is written. The file itself has to lie at its address already.'],
    send: async () => {
      const stored = await client.write(written, wirePackage);
      if (stored.version !== version || stored.arch !== arch || stored.size !== bytes)
        throw fail('conflict', `the server took it, and has ${stored.version} with ${stored.size} bytes`);
    },
  };
}
