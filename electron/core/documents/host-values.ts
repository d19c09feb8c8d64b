import { isIPv4, isIPv6 } from 'node:net';
import type { HostValues } from '#shared/lib/document/render-document.ts';
import type { HostRecord } from '#shared/lib/filter/fields.ts';

const privateIpv4 = /^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.)/;
const neverAsked = /^(127\.|169\.254\.|0\.|2(2[4-9]|[3-5]\d)\.|::1?$|fe[89ab])/i;
const privateIpv6 = /^f[cd]/i;

/**
 * What a document may name of a host, as far as its facts know it: of several addresses of a kind the one that it is
 * reached at, else the first.
 */
export function hostValues(host: string, { identity, link, facts }: HostRecord): HostValues {
  const preferred = [identity?.address, link?.connection?.remote];
  const known = [...new Set((facts?.addresses ?? []).map((address) => address.replace(/[/%].*$/s, '')))]
    .filter((address) => !neverAsked.test(address))
    .toSorted((a, b) => Number(preferred.includes(b)) - Number(preferred.includes(a)));
  const first = (fits: (address: string) => boolean) => known.find(fits) ?? null;
  return {
    host,
    privateIpv4: first((address) => isIPv4(address) && privateIpv4.test(address)),
    publicIpv4: first((address) => isIPv4(address) && !privateIpv4.test(address)),
    privateIpv6: first((address) => isIPv6(address) && privateIpv6.test(address)),
    publicIpv6: first((address) => isIPv6(address) && !privateIpv6.test(address)),
  };
}
