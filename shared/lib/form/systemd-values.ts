import { z } from 'zod';
import { directivesOf, type SystemdFile } from '../../formats/systemd-unit/known-directives.ts';
import type { Check } from './form.ts';
import { anyLine } from './value-rules.ts';

/** One line that no backslash joins to the next. */
export const systemdLine: Check = (value) =>
  anyLine(value) ??
  (value.trimEnd().endsWith('\\') ? 'It cannot end in a backslash, which would join the next line.' : null);

const v4 = z.ipv4();
const v6 = z.ipv6();

function isAddress(text: string): boolean {
  return v4.safeParse(text).success || v6.safeParse(text).success;
}

function isWithPrefix(text: string): boolean {
  const [address = '', prefix, ...more] = text.split('/');
  if (!isAddress(address) || more.length > 0) return false;
  return prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= (address.includes(':') ? 128 : 32));
}

const addressWithPrefix: Check = (value) =>
  isWithPrefix(value) ? null : 'An address and the length of its prefix, as 10.0.0.5/24 or 2001:db8::5/64.';
const gateway: Check = (value) =>
  isAddress(value) || /^_(?:dhcp4|ipv6ra)$/.test(value) ? null : 'An address, as 10.0.0.1, or _dhcp4 or _ipv6ra.';
/** An address, in brackets where a port follows; an interface and a name of the server may follow too. */
const server = /^(?:\[([^\]]+)\](?::\d{1,5})?|([^[\]%#]+?))(?:%[\w.-]{1,15})?(?:#[\w.-]{1,253})?$/;
const dns: Check = (value) =>
  value.split(/\s+/).every((one) => {
    const [, bracketed, bare = ''] = server.exec(one) ?? [];
    return isAddress(bracketed ?? bare.replace(/^([\d.]+):\d{1,5}$/, '$1'));
  })
    ? null
    : 'Addresses of DNS servers, as 10.0.0.53.';
const mac: Check = (value) =>
  value.split(/\s+/).every((one) => /^[0-9a-f]{2}([:-][0-9a-f]{2}){5}$/i.test(one))
    ? null
    : 'Hardware addresses, as 52:54:00:12:34:56.';
const mtu: Check = (value) => (/^\d{2,6}[KMG]?$/.test(value) ? null : 'A number of bytes, as 1500 or 9000.');
const unitNames: Check = (value) =>
  value.split(/\s+/).every((one) => /^[\w:.@\\%-]+\.[a-z]+$/.test(one))
    ? null
    : 'Names of units with their ending, as network-online.target.';
const metric: Check = (value) => (/^\d{1,10}$/.test(value) ? null : 'A whole number; the smaller one wins.');

const checks: Readonly<Record<string, Check>> = {
  'Network.Address': addressWithPrefix,
  'Address.Address': addressWithPrefix,
  'Network.Gateway': gateway,
  'Route.Gateway': gateway,
  'Route.Destination': (value) => (value === 'default' ? null : addressWithPrefix(value)),
  'Route.Metric': metric,
  'Network.DNS': dns,
  'Match.MACAddress': mac,
  'Link.MTUBytes': mtu,
  'NetDev.MTUBytes': mtu,
  'Unit.After': unitNames,
  'Unit.Before': unitNames,
  'Unit.Wants': unitNames,
  'Unit.Requires': unitNames,
  'Install.WantedBy': unitNames,
  'Install.RequiredBy': unitNames,
};

/** What may be said of a directive in a section. An empty value, which empties a list, may always; specifiers are for the host. */
export function checkFor(file: SystemdFile, section: string, name: string): Check {
  const own = checks[`${section}.${name}`];
  const few = directivesOf(file, section).get(name)?.values ?? null;
  return (value) => {
    if (value === '') return null;
    const line = systemdLine(value);
    if (line !== null || value.includes('%')) return line;
    if (own) return own(value);
    if (few && !few.includes(value) && !(few.includes('yes') && /^(true|false|on|off|1|0)$/.test(value)))
      return `One of ${few.join(', ')}.`;
    return null;
  };
}
