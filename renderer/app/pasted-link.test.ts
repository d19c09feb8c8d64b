import { expect, test } from 'vitest';
import { readPasted } from './pasted-link.ts';

test.each([
  ['quarterdeck://c/lab/host/db-1/units/etcd.service', 'c/lab/host/db-1/units/etcd.service'],
  ['  quarterdeck://c/lab/etcd\n', 'c/lab/etcd'],
  ['http://127.0.0.1:39817/#/c/lab/fleet?q=cpu%3E80', 'c/lab/fleet?q=cpu%3E80'],
  ['https://console.example:8443/c/lab/activity', 'c/lab/activity'],
  ['quarterdeck://', 'the start'],
])('%j leads to %s', (text, words) => {
  expect(readPasted(text)).toMatchObject({ words });
});

test.each(['web-1', 'https://example.org/docs', 'http://c/', 'quarterdeck'])('%j is no link', (text) => {
  expect(readPasted(text)).toBeNull();
});

test('a link that is cut or too long says so', () => {
  expect(readPasted('quarterdeck://c/lab/fleet?q=a b')).toHaveProperty('refusal');
  expect(readPasted(`http://127.0.0.1:1/#/c/lab/fleet?q=${'a'.repeat(9000)}`)).toHaveProperty('refusal');
});
