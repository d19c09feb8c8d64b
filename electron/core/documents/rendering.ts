import { isDeepStrictEqual } from 'node:util';
import type { ConfigDocument, RenderedDocument } from '#shared/contract/document.ts';
import { type HostValues, renderDocument } from '#shared/lib/document/render-document.ts';

/** Two hosts that no fleet has: a document that comes to the same on both names nothing of its host. */
const [one, other] = ['a', 'b'].map(
  (letter, at): HostValues => ({
    host: `${letter}.quarterdeck.invalid`,
    privateIpv4: `10.254.253.${at + 1}`,
    publicIpv4: `192.0.2.${at + 1}`,
    privateIpv6: `fd00:51de::${at + 1}`,
    publicIpv6: `2001:db8::${at + 1}`,
  }),
) as [HostValues, HostValues];

/** What a document comes to, host by host; hosts that it says the same for share one answer. */
export class Rendering {
  readonly document: ConfigDocument;
  /** With placeholders as they are written. */
  readonly plain: RenderedDocument;
  /** Null when it depends on the host. */
  readonly #shared: RenderedDocument | null;
  readonly #ofHosts = new Map<string, { readonly values: HostValues; readonly rendered: RenderedDocument }>();

  constructor(document: ConfigDocument) {
    this.document = document;
    this.plain = renderDocument(document, null);
    const first = renderDocument(document, one);
    this.#shared = isDeepStrictEqual(first, renderDocument(document, other)) ? first : null;
  }

  /** Whether it says something else on another host. */
  get isOfHost(): boolean {
    return this.#shared === null;
  }

  /** What it comes to on a host, whose values are asked for only when they matter. */
  for(read: () => HostValues): RenderedDocument {
    if (this.#shared) return this.#shared;
    const values = read();
    const known = this.#ofHosts.get(values.host);
    if (known && isDeepStrictEqual(known.values, values)) return known.rendered;
    const rendered = renderDocument(this.document, values);
    this.#ofHosts.set(values.host, { values, rendered });
    return rendered;
  }

  forget(host: string): void {
    this.#ofHosts.delete(host);
  }
}
