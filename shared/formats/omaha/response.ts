import type { ServicePackage } from '#shared/contract/update-service.ts';
import { xmlText } from './xml-tree.ts';

/** What an app is told when it asked for an update: nothing new, a package, or why not. */
export type OmahaAnswer =
  | { readonly kind: 'noupdate' }
  | { readonly kind: 'update'; readonly package: ServicePackage }
  | { readonly kind: 'refused'; readonly status: string };

/** The answer to one app of a request. */
export interface OmahaAppAnswer {
  /** As the request named it. */
  readonly id: string;
  /** What is wrong with the app itself; `ok` when nothing is. */
  readonly status: string;
  readonly ping: boolean;
  readonly events: number;
  /** Null when it did not ask. */
  readonly check: OmahaAnswer | null;
}

/** Prints an answer as update_engine knows them from its public server: elements in that order, none closed in itself. */
export function printOmahaResponse(server: string, apps: readonly OmahaAppAnswer[]): string {
  const body = [element('daystart', { elapsed_seconds: '0' }), ...apps.map(printApp)].join('');
  return `<?xml version="1.0" encoding="UTF-8"?>\n${element('response', { protocol: '3.0', server }, body)}\n`;
}

function printApp({ id, status, ping, events, check }: OmahaAppAnswer): string {
  const refused = check?.kind === 'refused' ? check.status : null;
  const ok = { status: 'ok' };
  return element(
    'app',
    { appid: id, status: refused ?? status },
    [ping ? element('ping', ok) : '', check ? printCheck(check) : '', element('event', ok).repeat(events)].join(''),
  );
}

function printCheck(check: OmahaAnswer): string {
  if (check.kind === 'noupdate') return element('updatecheck', { status: 'noupdate' });
  if (check.kind === 'refused') return element('updatecheck', { status: 'error-internal' });
  const { url, version } = check.package;
  const base = url.endsWith('/') ? url : `${url}/`;
  const manifest =
    element('packages', {}, printFiles(check.package)) + element('actions', {}, printAction(check.package));
  return element(
    'updatecheck',
    { status: 'ok' },
    element('urls', {}, element('url', { codebase: base })) + element('manifest', { version }, manifest),
  );
}

/** The first file is the system; what follows are its extensions. */
function printFiles({ filename, sha1, size, extraFiles }: ServicePackage): string {
  const extra = extraFiles.map((file) =>
    element('package', {
      name: file.name,
      hash: file.sha1,
      hash_sha256: file.sha256Hex,
      size: String(file.size),
      required: 'false',
    }),
  );
  return element('package', { name: filename, hash: sha1, size: String(size), required: 'true' }) + extra.join('');
}

function printAction({ sha256, needsAdmin, isDelta, disablePayloadBackoff }: ServicePackage): string {
  return element('action', {
    event: 'postinstall',
    sha256,
    ...(needsAdmin && { needsadmin: 'true' }),
    ...(isDelta && { IsDeltaPayload: 'true' }),
    ...(disablePayloadBackoff && { DisablePayloadBackoff: 'true' }),
  });
}

function element(name: string, attributes: Record<string, string>, body = ''): string {
  const given = Object.entries(attributes).map(([key, value]) => ` ${key}="${xmlText(value)}"`);
  return `<${name}${given.join('')}>${body}</${name}>`;
}
