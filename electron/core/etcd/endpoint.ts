import { isIP } from 'node:net';
import { checkServerIdentity, type PeerCertificate } from 'node:tls';
import {
  Channel,
  type ChannelCredentials,
  type ChannelInterface,
  type ChannelOptions,
  connectivityState,
  credentials,
} from '@grpc/grpc-js';
import { Etcd3 } from 'etcd3';
import type { EtcdSpec } from '#core/clusters/cluster-store.ts';
import { fail } from '#shared/contract/problem.ts';
import { type EtcdSession, callInterceptor } from './session.ts';
import { readTlsFiles } from './tls-files.ts';

/** Where one member is asked, as the cluster file or the member list says it. */
export interface EtcdAddress {
  readonly url: string;
  readonly host: string;
  readonly port: number;
  readonly secure: boolean;
}

/** Turns an endpoint into what gRPC dials, as `unix:/path` of a tunnel; the endpoint's own name stays the TLS name. */
export type DialEtcd = (endpoint: EtcdAddress) => Promise<string>;

/** Reads `http://host:port`, `https://host:port` or `host:port` (TLS when the cluster file has a tls section). */
export function parseEndpoint(text: string, tls: boolean): EtcdAddress {
  const whole = /^https?:\/\//.test(text) ? text : `${tls ? 'https' : 'http'}://${text}`;
  const url = URL.canParse(whole) ? new URL(whole) : null;
  if (!url || url.hostname === '' || (url.pathname !== '/' && url.pathname !== '') || url.username !== '')
    throw fail('invalid-input', `${text} is not an etcd endpoint`, { hint: 'Write https://host:2379 or host:2379.' });
  const secure = url.protocol === 'https:';
  const port = url.port === '' ? portOf(text, secure) : Number(url.port);
  return { url: `${url.protocol}//${url.hostname}:${port}`, host: url.hostname.replace(/^\[|\]$/g, ''), port, secure };
}

/** URL drops a port that is its scheme's default, so 443 and 80 must be told from none at all. */
function portOf(text: string, secure: boolean): number {
  const written = secure ? 443 : 80;
  return new RegExp(`:0*${written}/?$`).test(text) ? written : 2379;
}

/** An open way to one member; all of its services and streams share one HTTP/2 connection. */
export interface EtcdLink {
  readonly etcd: Etcd3;
  readonly channel: ChannelInterface;
}

/** How much of a member's trouble is known: it answers, it answers without a leader, or it does not answer. */
export type Trouble = 0 | 1 | 2;

const receiveLimitBytes = 16 * 1024 * 1024;

/** One member's address with its channel, opened when first used and made anew by `reset`. */
export class EtcdEndpoint {
  readonly address: EtcdAddress;
  trouble: Trouble = 0;
  readonly #spec: EtcdSpec;
  readonly #session: EtcdSession;
  readonly #dial: DialEtcd | undefined;
  #link: Promise<EtcdLink> | null = null;
  #closed = false;

  constructor(address: EtcdAddress, spec: EtcdSpec, session: EtcdSession, dial: DialEtcd | undefined) {
    this.address = address;
    this.#spec = spec;
    this.#session = session;
    this.#dial = dial;
  }

  get url(): string {
    return this.address.url;
  }

  /** Rejects when a certificate file cannot be read or used, or the tunnel cannot be made; the next call tries again. */
  link(): Promise<EtcdLink> {
    if (this.#closed) return Promise.reject(fail('cancelled', 'the etcd connection was closed'));
    if (this.#link) return this.#link;
    const opening = this.#open();
    this.#link = opening;
    opening.catch(() => {
      if (this.#link === opening) this.#link = null;
    });
    return opening;
  }

  /** True once connected; false when it could not be by `deadline` (epoch milliseconds). */
  async ready(deadline: number): Promise<boolean> {
    const { channel } = await this.link();
    for (;;) {
      const state = channel.getConnectivityState(true);
      if (state === connectivityState.READY) return true;
      if (state === connectivityState.SHUTDOWN || state === connectivityState.TRANSIENT_FAILURE) return false;
      const changed = await new Promise<boolean>((resolve) => {
        channel.watchConnectivityState(state, deadline, (error) => resolve(!error));
      });
      if (!changed) return false;
    }
  }

  /** Why it cannot be connected to, in gRPC's own error: a failed connection fails every call at once. */
  async whyNot(): Promise<unknown> {
    const { etcd } = await this.link();
    return await etcd.maintenance.status({ deadline: Date.now() + 100 }).then(
      () => fail('unreachable', `${this.url}: connected too late`),
      (error: unknown) => error,
    );
  }

  /** Drops the connection: the next call dials anew, calls under way end by their own deadlines. */
  reset(): void {
    const link = this.#link;
    this.#link = null;
    link?.then(
      ({ channel }) => channel.close(),
      () => {},
    );
  }

  close(): void {
    this.#closed = true;
    this.reset();
  }

  async #open(): Promise<EtcdLink> {
    const { host, port, secure, url } = this.address;
    const name = this.#spec.tls?.serverName ?? host;
    const options: ChannelOptions = {
      'grpc.keepalive_time_ms': 6000,
      'grpc.keepalive_timeout_ms': 3000,
      'grpc.initial_reconnect_backoff_ms': 300,
      'grpc.max_reconnect_backoff_ms': 1000,
      'grpc.max_receive_message_length': receiveLimitBytes,
      'grpc.enable_http_proxy': 0,
      // A pooled subchannel would hand a half-open connection back after reset().
      'grpc.use_local_subchannel_pool': 1,
      // TLS has no way to ask for an address by name; the certificate is checked against the address all the same.
      ...(secure ? { 'grpc.ssl_target_name_override': isIP(name) ? 'etcd' : name } : {}),
      ...(this.#dial ? { 'grpc.default_authority': host } : {}),
    };
    const target = this.#dial
      ? await this.#dial(this.address)
      : `dns:${host.includes(':') ? `[${host}]` : host}:${port}`;
    const trust = secure ? await tlsCredentials(this.#spec, name) : credentials.createInsecure();
    const channel = new Channel(target, trust, options);
    if (this.#closed) channel.close();
    const etcd = new Etcd3({
      hosts: url,
      grpcOptions: { channelOverride: unclosable(channel), interceptors: [callInterceptor(this.#session)] },
      faultHandling: { global: callThrough as never, host: () => callThrough as never },
    });
    return { etcd, channel };
  }
}

/** In place of etcd3's retries and circuit breaker, which multiply deadlines and block a member after one large reply. */
const callThrough = {
  execute: async <T>(run: () => Promise<T> | T): Promise<T> => await run(),
};

/** etcd3 closes its channel after any failed call; ours outlives its calls and reconnects by itself. */
function unclosable(channel: ChannelInterface): ChannelInterface {
  return {
    close: () => {},
    getTarget: () => channel.getTarget(),
    getConnectivityState: (connect) => channel.getConnectivityState(connect),
    watchConnectivityState: (state, deadline, done) => channel.watchConnectivityState(state, deadline, done),
    getChannelzRef: () => channel.getChannelzRef(),
    createCall: (...call) => channel.createCall(...call),
  };
}

async function tlsCredentials(spec: EtcdSpec, name: string): Promise<ChannelCredentials> {
  const { ca, certificate, key } = await readTlsFiles(spec);
  try {
    const verify = { checkServerIdentity: (_: string, shown: PeerCertificate) => checkServerIdentity(name, shown) };
    return credentials.createSsl(ca, key, certificate, verify);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw fail('invalid-input', `the etcd certificates cannot be used: ${why}`, {
      hint: 'Files are PEM; the key must not be encrypted and must belong to the certificate.',
    });
  }
}
