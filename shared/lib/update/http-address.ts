/** The parts of an http or https address that say which server it is; `path` has no slash at its end. */
export interface HttpAddress {
  readonly secure: boolean;
  readonly host: string;
  readonly port: number;
  readonly path: string;
}

const shape =
  /^(https?):\/\/((?:[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)|\[[0-9A-Fa-f:.]{2,45}\])(?::(\d{1,5}))?((?:\/[A-Za-z0-9._~%-]*)*)$/;

/** Null for what is no such address, or holds a login, a query or a fragment. */
export function parseHttpAddress(text: string): HttpAddress | null {
  const [, scheme, host, port, path = ''] = shape.exec(text) ?? [];
  if (scheme === undefined || host === undefined) return null;
  const secure = scheme === 'https';
  const number = port === undefined ? (secure ? 443 : 80) : Number(port);
  if (number < 1 || number > 65_535) return null;
  return { secure, host: host.toLowerCase(), port: number, path: path.replace(/\/+$/, '') };
}
