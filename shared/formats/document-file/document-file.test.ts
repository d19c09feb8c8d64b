import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { takesUnit, unitStepVerbs } from '#shared/contract/change.ts';
import { type ConfigDocument, configDocument, documentFormats } from '#shared/contract/document.ts';
import { parseDocumentFile } from './parse.ts';
import { printDocumentFile, textFileName } from './print.ts';

const step = fc
  .constantFrom(...unitStepVerbs)
  .map((verb) => ({ verb, unit: takesUnit(verb) ? 'nginx@1.service' : null }));
const id = fc.integer({ min: 0, max: 65_534 });
const file = fc.record({
  path: fc.constantFrom('/etc/motd', '/etc/a b/#c: "d".conf', "/etc/it's", '/etc/- x', '/etc/ünï.yaml', '/srv/null'),
  mode: fc.constantFrom(null, '644', '0600', '4755'),
  owner: fc.option(fc.record({ uid: id, gid: id })),
  actions: fc.array(step, { maxLength: 5 }),
});
const document: fc.Arbitrary<ConfigDocument> = fc
  .record({
    format: fc.constantFrom(...documentFormats),
    targets: fc.constantFrom('', 'label:role=web', '-name:"a b" cpu>80', '# not a comment', 'true', '"quoted"', '[x'),
    file,
  })
  .map((all) => ({ name: 'x', content: '', ...all, file: all.format === 'file' ? all.file : null }));

test('what is printed reads back as the same document', () => {
  fc.assert(
    fc.property(document, (one) => {
      const { file: read, problems } = parseDocumentFile(printDocumentFile(one), 'x.yaml');
      expect(problems).toEqual([]);
      expect(configDocument.parse({ name: 'x', content: '', ...read })).toEqual(one);
    }),
  );
});

test('any text gives a document or placed problems, never an error', () => {
  const words = fc.constantFrom(
    'format:',
    ' file',
    'path:',
    ' /etc/x',
    '\n',
    '- ',
    '"',
    '{',
    'mode: 9',
    'owner:',
    '0:0',
    '&a',
    '*a',
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(words).map((all) => all.join('')),
      ),
      (text) => {
        const { file: read, problems } = parseDocumentFile(text, 'x.yaml');
        expect(read === null).toBe(problems.length > 0);
        expect(problems.every(({ place }) => place?.file === 'x.yaml')).toBe(true);
      },
    ),
  );
  expect(parseDocumentFile('format: file\n'.repeat(20_000), 'x.yaml').file).toBe(null);
});

test('says what is wrong, and where', () => {
  const said = (text: string) =>
    parseDocumentFile(text, 'x.yaml').problems.map(({ message, place }) => `${place?.line} ${message}`);
  expect(said('format: file\n')).toEqual(['1 it does not say where its text goes']);
  expect(said('format: butane\npath: /etc/x\n')).toEqual(['1 a butane says itself where its files go']);
  expect(said('path: etc/x\nactions: [restrat nginx]\n')).toEqual([
    '1 path "etc/x" not an absolute path of a file',
    '2 actions "restrat nginx" is no step',
  ]);
  expect(said('pth: /etc/x\n')).toEqual(['1 a document has no field "pth"']);
});

test('a text never lies where it could be taken for a document', () => {
  fc.assert(
    fc.property(document, (one) => {
      expect(textFileName('x', one)).toMatch(/^x\.(?!yaml$)[a-z0-9]{1,12}$/);
    }),
  );
  const at = (path: string) =>
    textFileName('x', { format: 'file', file: { path, mode: null, owner: null, actions: [] } });
  expect([at('/etc/a.yaml'), at('/etc/.hidden'), at('/etc/x.d/motd'), at('/etc/a.Conf')]).toEqual([
    'x.yml',
    'x.txt',
    'x.txt',
    'x.conf',
  ]);
});
