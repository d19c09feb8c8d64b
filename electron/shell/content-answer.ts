import { cacheControl, type WindowFiles } from '../launch/window-files.ts';
import { windowHeaders } from '../launch/window-headers.ts';
import { isContent } from './content-origin.ts';

/** Answers a request to app:// from the files read at start; anything else does not exist. */
export function contentAnswer(files: Pick<WindowFiles, 'get'>, method: string, address: string): Response {
  const refuse = (status: number) => new Response(null, { status, headers: windowHeaders });
  if (method !== 'GET' && method !== 'HEAD') return refuse(405);
  if (!isContent(address)) return refuse(403);
  const file = files.get(new URL(address).pathname);
  if (!file) return refuse(404);
  return new Response(method === 'HEAD' ? null : file.body, {
    headers: { ...windowHeaders, 'Content-Type': file.type, 'Cache-Control': cacheControl(file) },
  });
}
