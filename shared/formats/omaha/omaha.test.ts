import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { toProblem } from '#shared/contract/problem.ts';
import type { ServicePackage } from '#shared/contract/update-service.ts';
import { parseOfferedUpdate } from './read-response.ts';
import { parseOmahaRequest } from './request.ts';
import { printOmahaResponse } from './response.ts';
import { mostOmahaChars, readXml } from './xml-tree.ts';

const recorded = (name: string) =>
  readFileSync(new URL(`../../../test/fixtures/omaha/${name}.xml`, import.meta.url), 'utf8');
const flatcar = '{e96281a6-d1af-4bde-9a0a-97b76e56dc57}';
const refusal = (xml: string) => {
  try {
    parseOmahaRequest(xml);
    return 'taken';
  } catch (error) {
    const { code, message } = toProblem(error);
    return code === 'invalid-input' ? message : `${code}: ${message}`;
  }
};

test('recorded requests are read', () => {
  const [ping] = parseOmahaRequest(recorded('ping-1068')).apps;
  expect(ping).toMatchObject({
    id: flatcar.slice(1, -1),
    version: '1068.10.0',
    track: 'stable',
    machine: 'd70c8b77c21d40d9bdce828d7dd2eb16',
    board: 'amd64-usr',
    alephVersion: '1010.5.0',
    ping: true,
    updateCheck: false,
    events: [],
  });
  const [check] = parseOmahaRequest(recorded('check-4152')).apps;
  expect(check).toMatchObject({ alias: 'web-03', ping: true, updateCheck: true });
  expect(check?.events).toEqual([{ type: 3, result: 2, errorCode: null, previousVersion: '' }]);
  expect(parseOmahaRequest(recorded('downloaded-2512')).apps[0]?.events).toMatchObject([{ type: 14, result: 1 }]);
});

const offered: ServicePackage = {
  id: '00000000-0000-0000-0000-000000000001',
  version: '3760.1.1',
  arch: 'amd64',
  url: 'https://xxxxxxxxxxxxxxxxxxxxxxxxxxxx.com/flatcar/',
  filename: 'flatcar-amd64-3760.1.1.gz',
  description: '',
  size: 383439327,
  sha1: 'E3rh1aST7bya58HIor4xTqLp+ts=',
  sha256: 'spM4NbMn6MrXA2uHBCF3GCjahWbV6bW6LC7ObuFI5fQ=',
  disablePayloadBackoff: true,
  needsAdmin: false,
  isDelta: false,
  extraFiles: [
    {
      name: 'extrafile-amd64-3760.1.1-oem-qemu.gz',
      sha1: 'E3rh1aST7bya58HIor4xTqLp+ts=',
      sha256Hex: '043bb7c00bece5f1ee2a08431809962301a212aa7ec0260bef9761b2cc05c14a',
      size: 2283,
    },
  ],
};

test('answers are to the byte what was recorded of Nebraska, but for the XML declaration in front', () => {
  const declared = (xml: string) => `<?xml version="1.0" encoding="UTF-8"?>\n${xml}\n`;
  const app = { id: flatcar, status: 'ok', events: 1 };
  expect(printOmahaResponse('nebraska', [{ ...app, ping: false, check: null }])).toBe(declared(recorded('event-ok')));
  const check = { kind: 'update', package: offered } as const;
  expect(printOmahaResponse('nebraska', [{ ...app, ping: true, check }])).toBe(declared(recorded('offer-3760')));
  expect(
    printOmahaResponse('nebraska', [
      { ...app, ping: true, check: { ...check, package: { ...offered, url: offered.url.slice(0, -1) } } },
    ]),
  ).toContain('codebase="https://xxxxxxxxxxxxxxxxxxxxxxxxxxxx.com/flatcar/"');
});

test('nothing new and refusals are said as update_engine understands them', () => {
  const app = { id: flatcar, status: 'ok', ping: false, events: 0 };
  expect(printOmahaResponse('x', [{ ...app, check: { kind: 'noupdate' } }])).toContain(
    `<app appid="${flatcar}" status="ok"><updatecheck status="noupdate"></updatecheck></app>`,
  );
  expect(printOmahaResponse('x', [{ ...app, check: { kind: 'refused', status: 'error-updatesDisabled' } }])).toContain(
    `<app appid="${flatcar}" status="error-updatesDisabled"><updatecheck status="error-internal"></updatecheck></app>`,
  );
});

test('an update that a public server offered is read', () => {
  expect(parseOfferedUpdate(recorded('offer-1185'))).toMatchObject({
    version: '1185.3.0',
    codebase: 'https://update.release.core-os.net/amd64-usr/1185.3.0/',
    files: [{ name: 'update.gz', sha1: 'bBk8Eh1HW0KviPLlOfNYJ5pKlkg=', size: '247367772' }],
    action: { DisablePayloadBackoff: 'true' },
  });
  expect(() => parseOfferedUpdate(recorded('noupdate'))).toThrow('it says noupdate');
});

test('what is no Omaha request is refused, with why', () => {
  const entity = '<!DOCTYPE request [<!ENTITY a "aaaa">]><request protocol="3.0"><app appid="&a;"/></request>';
  expect(refusal(entity)).toBe('a DOCTYPE is not taken');
  expect(refusal('<request protocol="3.0"><app appid="&a;"/></request>')).toContain('not well-formed');
  expect(refusal('<request protocol="3.0">')).toContain('not well-formed');
  expect(refusal('')).toMatch(/not well-formed|no XML element/);
  expect(refusal('<response protocol="3.0"/>')).toBe('<response> is no Omaha request');
  expect(refusal('<request protocol="2.0"><app appid="x"/></request>')).toContain('protocol');
  expect(refusal('<request protocol="3.0"/>')).toContain('apps');
  expect(refusal(`<request protocol="3.0">${'<app appid="x"/>'.repeat(5)}</request>`)).toContain('apps');
  expect(refusal('<a>'.repeat(13))).toContain('deeper than');
  expect(refusal(`<request>${'<a/>'.repeat(400)}</request>`)).toContain('more than 400 elements');
  expect(refusal(' '.repeat(mostOmahaChars + 1))).toContain('characters');
  expect(refusal(recorded('check-4152').replace('eventtype="3"', 'eventtype="-1"'))).toContain('events');
});

test('no text at all breaks the reader in another way than by a Problem', () => {
  const request = recorded('check-4152');
  const mangled = fc
    .tuple(
      fc.nat(request.length),
      fc.nat(40),
      fc.oneof(fc.string(), fc.constantFrom('<', '"', '&lt;', '<![CDATA[', '<?', '\u0000', ']]>')),
    )
    .map(([at, gone, put]) => request.slice(0, at) + put + request.slice(at + gone));
  fc.assert(
    fc.property(fc.oneof(mangled, fc.string({ unit: 'binary' })), (text) => {
      expect(refusal(text)).not.toContain('internal');
    }),
    { numRuns: 2000 },
  );
});

test('whatever an answer names, it comes back as it was, and adds no element', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (id) => {
      const root = readXml(printOmahaResponse('s', [{ id, status: 'ok', ping: true, events: 0, check: null }]));
      expect(root.children.map(({ name }) => name)).toEqual(['daystart', 'app']);
      // oxlint-disable-next-line no-control-regex -- what XML cannot carry
      const carried = id.replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu, '');
      expect(root.children[1]?.attributes['appid']).toBe(carried);
    }),
    { numRuns: 1000 },
  );
});
