import { expect, test } from 'vitest';
import { contentAnswer } from './content-answer.ts';

const files = new Map([
  ['/', { body: new TextEncoder().encode('page'), type: 'text/html; charset=utf-8', immutable: false }],
]);

test('the page comes with the strict policy', async () => {
  const answer = contentAnswer(files, 'GET', 'app://quarterdeck/?cluster=demo');
  expect(answer.status).toBe(200);
  expect(await answer.text()).toBe('page');
  expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
  const policy = answer.headers.get('content-security-policy') ?? '';
  expect(policy).toMatch(/default-src 'none'/);
  expect(policy).toMatch(/script-src 'self';/);
  expect(policy).not.toMatch(/unsafe-eval|https?:|\*/);
});

test.each([
  ['GET', 'app://quarterdeck/../../etc/passwd', 404],
  ['GET', 'app://quarterdeck/..%2f..%2fetc/passwd', 404],
  ['GET', 'app://quarterdeck//etc/passwd', 404],
  ['GET', 'app://other/', 403],
  ['POST', 'app://quarterdeck/', 405],
])('%s %s is answered %i', (method, address, status) => {
  expect(contentAnswer(files, method, address).status).toBe(status);
});
