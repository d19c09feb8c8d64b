import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Findings } from '../finding.ts';
import { type AddressValues, escapeAddresses, namesAddress, withAddresses, withBraces } from './placeholders.ts';

const host: AddressValues = {
  host: 'web-01',
  privateIpv4: '10.0.0.1',
  publicIpv4: '192.0.2.1',
  privateIpv6: 'fd00::1',
  publicIpv6: null,
};
const top = { line: 1, column: 1 };
const text = fc
  .array(
    fc.constantFrom(...'\\|$|$private_ipv4|$public_ipv4|$public_ipv6|{PRIVATE_IPV4}|${PRIVATE_IPV4}|\n|a| '.split('|')),
    {
      maxLength: 20,
    },
  )
  .map((parts) => parts.join(''));

describe('addresses of a host in a text', () => {
  it('puts in what is known, keeps lines, and says each that is not known once', () => {
    fc.assert(
      fc.property(text, (written) => {
        const findings = new Findings('a');
        const read = withAddresses(written, host, findings);
        expect(read.split('\n')).toHaveLength(written.split('\n').length);
        expect(findings.list().length).toBe(/(?<!\\)\$public_ipv6/.test(written) ? 1 : 0);
        expect(namesAddress(written, 'dollar') || read === written.replaceAll(/\\(?=\$p)/g, '')).toBe(true);
      }),
    );
  });

  it('gets a text back that was escaped', () => {
    fc.assert(
      fc.property(text, (written) => {
        const escaped = escapeAddresses(written);
        expect(namesAddress(escaped, 'dollar')).toBe(false);
        expect(withAddresses(escaped, host, new Findings('a'))).toBe(written);
      }),
    );
  });

  it('reads names as coreos-cloudinit does', () => {
    const read = (written: string): string => withAddresses(written, host, new Findings('a'));
    expect(read('$private_ipv4:80 $public_ipv4x')).toBe('10.0.0.1:80 192.0.2.1x');
    expect(read('\\$private_ipv4 \\\\$private_ipv4')).toBe('$private_ipv4 \\$private_ipv4');
    expect(read('$PRIVATE_IPV4 ${private_ipv4}')).toBe('$PRIVATE_IPV4 ${private_ipv4}');
  });

  it('leaves variables of a shell alone where braces are names', () => {
    const read = (written: string): string => withBraces(written, host, top, new Findings('a'));
    expect(read('{PRIVATE_IPV4} ${PRIVATE_IPV4} {HOSTNAME}')).toBe('10.0.0.1 ${PRIVATE_IPV4} {HOSTNAME}');
  });

  it('never puts in what is no address', () => {
    const findings = new Findings('a');
    const lying = { ...host, privateIpv4: '10.0.0.1\nusers: []', privateIpv6: '$(reboot)' };
    expect(withAddresses('$private_ipv4 $private_ipv6', lying, findings)).toBe('$private_ipv4 $private_ipv6');
    expect(findings.list().map(({ problem }) => `${problem.place?.column} ${problem.host}`)).toStrictEqual([
      '1 web-01',
      '15 web-01',
    ]);
  });
});
