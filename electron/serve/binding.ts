import { X509Certificate } from 'node:crypto';
import { BlockList, isIP } from 'node:net';
import { fail } from '#shared/contract/problem.ts';

/** PEM texts of a certificate (chain) and its key. */
export interface Tls {
  readonly cert: string;
  readonly key: string;
}

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/** True for `localhost` and loopback addresses; other names are never looked up, so never true. */
export function isLoopback(host: string): boolean {
  const family = isIP(host);
  if (family === 0) return host.toLowerCase() === 'localhost';
  return loopback.check(host, family === 4 ? 'ipv4' : 'ipv6');
}

/** The address to listen on. Throws `refused` for anything but loopback unless TLS is set up. */
export function listenAddress(host: string, tls: Tls | null): string {
  if (isLoopback(host)) return host.toLowerCase() === 'localhost' ? '127.0.0.1' : host;
  if (tls) return host;
  throw fail('refused', `serve does not listen on ${host} without TLS`, {
    hint: 'Give --tls-cert and --tls-key, or keep 127.0.0.1 and reach it with: ssh -L 7117:127.0.0.1:7117 this-machine',
  });
}

/** Names a browser may use to reach this server. A name that is not ours in `Host` is how DNS rebinding begins. */
export class OwnNames {
  readonly #certificate: X509Certificate | null;

  /** Throws when the certificate cannot be read. */
  constructor(tls: Tls | null) {
    this.#certificate = tls ? new X509Certificate(tls.cert) : null;
  }

  /** `header` is a Host header: name or address, with or without a port (a forwarded port may differ from ours). */
  includes(header: string): boolean {
    const match = /^(?:\[([0-9a-f:.]{2,45})\]|([a-z0-9.-]{1,253}))(?::\d{1,5})?$/i.exec(header);
    const name = match?.[1] ?? match?.[2];
    if (name === undefined) return false;
    if (isLoopback(name)) return true;
    if (!this.#certificate) return false;
    return (isIP(name) ? this.#certificate.checkIP(name) : this.#certificate.checkHost(name)) !== undefined;
  }

  /** The first DNS name in the certificate that is no pattern, for the printed link. */
  first(): string | null {
    const names = this.#certificate?.subjectAltName?.match(/DNS:[a-z0-9.-]+/gi) ?? [];
    return names[0]?.slice('DNS:'.length) ?? null;
  }
}
