import type { IncomingMessage } from 'node:http';
import { longestLink } from '#shared/lib/deep-link.ts';
import type { OwnNames } from './binding.ts';
import type { Keys } from './keys.ts';

/** Why a request is turned away. */
export interface Refusal {
  readonly status: 400 | 401 | 403 | 405 | 413 | 414 | 426;
  readonly message: string;
}

/** What the gate needs to know to judge. */
export interface GateOptions {
  readonly scheme: 'http' | 'https';
  readonly names: OwnNames;
  readonly keys: Keys;
  /** Cookies know no port, so two consoles on one machine need two names. */
  readonly cookieName: string;
}

/** The path of a link, and the room that the longest token takes. */
const maxUrlChars = longestLink;

/** Judges every request and upgrade before anything else looks at it; null lets it pass. `/enter` needs no cookie. */
export function refusal(request: IncomingMessage, options: GateOptions, upgrade: boolean): Refusal | null {
  const { headers, url = '' } = request;
  if (url.length > maxUrlChars) return { status: 414, message: 'The address is too long.' };
  if (!url.startsWith('/')) return { status: 400, message: 'Only plain paths are answered.' };
  if (countOf(request, 'host') !== 1 || !options.names.includes(headers.host ?? '')) {
    return { status: 403, message: 'This console does not go by that name.' };
  }
  if (upgrade && headers.origin === undefined) return { status: 403, message: 'Only the window may connect.' };
  if (headers.origin !== undefined && headers.origin.toLowerCase() !== ownOrigin(request, options)) {
    return { status: 403, message: 'Other pages may not reach this console.' };
  }
  const entering = pathOf(url) === '/enter' && !upgrade;
  const site = headers['sec-fetch-site'];
  if (!entering && site !== undefined && site !== 'same-origin' && site !== 'none') {
    return { status: 403, message: 'Other pages may not reach this console.' };
  }
  if (request.method !== 'GET' && (upgrade || request.method !== 'HEAD')) {
    return { status: 405, message: 'Only GET and HEAD are answered.' };
  }
  if (headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) !== 0) {
    return { status: 413, message: 'Requests carry no body here.' };
  }
  if (!entering && !options.keys.opens(cookieOf(headers.cookie, options.cookieName))) {
    return { status: 401, message: 'Open the link that quarterdeck printed where it was started.' };
  }
  return null;
}

/** The path of a request target, without its query; never decoded, so that no two spellings mean one file. */
export function pathOf(url: string): string {
  const query = url.indexOf('?');
  return query < 0 ? url : url.slice(0, query);
}

function ownOrigin(request: IncomingMessage, options: GateOptions): string {
  return `${options.scheme}://${request.headers.host ?? ''}`.toLowerCase();
}

function cookieOf(header: string | undefined, name: string): string {
  for (const part of (header ?? '').split(';')) {
    const [key, value] = part.split('=', 2);
    if (key?.trim() === name) return value?.trim() ?? '';
  }
  return '';
}

function countOf(request: IncomingMessage, name: string): number {
  return request.rawHeaders.filter((text, index) => index % 2 === 0 && text.toLowerCase() === name).length;
}
