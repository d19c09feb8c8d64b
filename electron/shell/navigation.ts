import { isContent } from './content-origin.ts';

/** Sites the window may send a person to, in their own browser. */
const outsideHosts: readonly string[] = [
  'github.com',
  'www.freedesktop.org',
  'systemd.io',
  'etcd.io',
  'www.flatcar.org',
  'docs.fedoraproject.org',
  'www.debian.org',
];

/** The window stays on its own page: true only for addresses of the app. */
export function mayNavigate(address: string): boolean {
  return isContent(address);
}

/** The address to hand to the desktop's browser, or null when it must not be opened: https only, known sites only. */
export function outsideAddress(address: string): string | null {
  const url = URL.parse(address);
  if (!url || address.length > 2048) return null;
  if (url.protocol !== 'https:' || url.username !== '' || url.password !== '' || url.port !== '') return null;
  return outsideHosts.includes(url.hostname) ? url.href : null;
}

/** Requests the window may make at all: its own files and what it made itself. Everything else is cancelled, online or not. */
export function mayRequest(address: string, packaged: boolean): boolean {
  const protocol = URL.parse(address)?.protocol;
  if (protocol === 'devtools:') return !packaged;
  return isContent(address) || protocol === 'data:' || protocol === 'blob:';
}
