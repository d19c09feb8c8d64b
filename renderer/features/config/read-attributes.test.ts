import { expect, it } from 'vitest';
import { asItIs, readAttributes } from './read-attributes.ts';

it('keeps what is there where nothing is typed', () => {
  expect(readAttributes(asItIs)).toEqual({ mode: null, owner: null, modeProblem: undefined, ownerProblem: undefined });
});

it('reads octal modes and numbers of user and group', () => {
  expect(readAttributes({ mode: ' 0640', owner: '7:65534 ' })).toMatchObject({
    mode: '0640',
    owner: { uid: 7, gid: 65534 },
  });
});

it.each([
  ['8', ''],
  ['rw-r--r--', ''],
  ['', 'root:root'],
  ['', '1:99999999999'],
  ['', '1'],
])('says what is wrong with %j %j', (mode, owner) => {
  const read = readAttributes({ mode, owner });
  expect([read.modeProblem, read.ownerProblem].filter(Boolean)).toHaveLength(1);
  expect([read.mode, read.owner]).toEqual([null, null]);
});
