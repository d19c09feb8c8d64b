import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { hexToBase64, parseDigests } from './digests.ts';
import { readRelease } from './read-release.ts';
import { parseVersionText } from './version-text.ts';

const response = readFileSync(new URL('../../../test/fixtures/omaha/offer-1185.xml', import.meta.url), 'utf8');
const none = { versionText: '', digests: '', omahaResponse: '' };
const sha1 = '6c193c121d475b42af88f2e539f358279a4a9648';
const sha256 = 'd15025416dd113df521ad481e51e26d3c6a7b401cef170e804c283cb1413fcc8';
const versionText = 'FLATCAR_BUILD=4230\nFLATCAR_VERSION=4230.2.1\nFLATCAR_BUILD_ID="2025-06-01-0100"\n';

test('version.txt is read, of Flatcar and of Container Linux', () => {
  expect(parseVersionText(versionText)).toEqual({ version: '4230.2.1', buildId: '2025-06-01-0100' });
  expect(parseVersionText('COREOS_VERSION_ID=2512.3.0').version).toBe('2512.3.0');
  expect(parseVersionText('nothing').version).toBeNull();
});

test('digests are read by their kind, and only whole ones', () => {
  const digests = parseDigests(
    `# SHA1 HASH\n${sha1}  update.gz\nabc  other\n# SHA256 HASH\n${sha256} *out/update.gz\n`,
  );
  expect(digests.get('SHA1')?.get('update.gz')).toBe(sha1);
  expect(digests.get('SHA256')?.get('update.gz')).toBe(sha256);
  expect(digests.get('SHA1')?.size).toBe(1);
  expect(['', '00', 'ffee', sha1].map(hexToBase64)).toEqual(['', 'AA==', '/+4=', 'bBk8Eh1HW0KviPLlOfNYJ5pKlkg=']);
});

test('a package is filled in from an offered update', () => {
  const read = readRelease({ ...none, omahaResponse: response }, null);
  expect(read.problems).toEqual([]);
  expect(read.draft).toEqual({
    version: '1185.3.0',
    arch: 'amd64',
    url: 'https://update.release.core-os.net/amd64-usr/1185.3.0/',
    filename: 'update.gz',
    size: 247367772,
    sha1: hexToBase64(sha1),
    sha256: hexToBase64(sha256),
    disablePayloadBackoff: true,
    needsAdmin: false,
    isDelta: false,
    extraFiles: [],
  });
});

test('what does not fit together is said', () => {
  const read = readRelease(
    { versionText, digests: `# SHA1 HASH\n${'0'.repeat(40)}  update.gz\n`, omahaResponse: response },
    null,
  );
  expect(read.problems).toEqual([
    'version is 4230.2.1 in version.txt, but 1185.3.0 elsewhere',
    `sha1 is ${hexToBase64('0'.repeat(40))} in the digests, but ${hexToBase64(sha1)} elsewhere`,
  ]);
  expect(readRelease({ ...none, digests: 'x' }, null).problems[0]).toContain('no SHA1 or SHA256');
  expect(readRelease({ ...none, versionText: 'FLATCAR_VERSION=latest' }, null).problems[0]).toContain('version');
});

test('the payload as it was measured is what counts', () => {
  const payload = { size: 7, sha1: hexToBase64(sha1), sha256: hexToBase64(sha256) };
  const read = readRelease({ ...none, versionText }, payload);
  expect(read.problems).toEqual([]);
  expect(read.draft).toMatchObject({ ...payload, version: '4230.2.1', filename: 'flatcar_production_update.gz' });
});
