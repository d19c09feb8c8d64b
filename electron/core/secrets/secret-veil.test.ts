import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { SecretVeil } from './secret-veil.ts';

it('leaves no secret in what goes out, and gives it back for what comes in', () => {
  const veil = new SecretVeil();
  const value = { files: [{ path: '/etc/a', text: 'user = ada\npassword = hunter2\n' }], count: 1, none: null };
  const out = veil.veil(value);
  expect(JSON.stringify(out)).not.toContain('hunter2');
  expect(out.files[0]?.text).toMatch(/^user = ada\npassword = ⟦secret [0-9a-f]{12}⟧\n$/);
  expect(veil.unveil(out)).toEqual(value);
});

it('gives equal secrets equal tokens, and different ones different tokens', () => {
  const veil = new SecretVeil();
  const [a, b, c] = veil.veil(['token=one', 'secret: one', 'token=two']).map((text) => text.split(/[=\s]/).at(-1));
  const tokens = [a, b, c].map((text) => text?.match(/[0-9a-f]{12}/)?.[0]);
  expect(tokens[0]).toBe(tokens[1]);
  expect(tokens[0]).not.toBe(tokens[2]);
});

it('refuses a token of another run, and one that a host made up stays as it was', () => {
  const veil = new SecretVeil();
  const foreign = new SecretVeil().veil('password=hunter2');
  expect(() => veil.unveil({ text: foreign })).toThrow('is not known here any more');
  const made = 'note ⟦secret 0123456789ab⟧';
  expect(veil.unveil(veil.veil(made))).toBe(made);
});

it('reveals what it veiled', () => {
  const veil = new SecretVeil();
  const token = veil.veil('password=hunter2').slice('password='.length);
  expect(veil.reveal([token])).toEqual({ [token]: 'hunter2' });
});

it('changes nothing that has no secret, not even which object it is', () => {
  const value = { a: ['one', { b: 'two' }], c: 3 };
  expect(new SecretVeil().veil(value)).toBe(value);
});

it('gives every text back', () => {
  const veil = new SecretVeil();
  const piece = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 20 }),
    fc.constantFrom('password=', 'token: "', '\n', '"', '⟦secret 0123456789ab⟧'),
  );
  const texts = fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join(''));
  const checked = fc.check(fc.property(texts, (text) => veil.unveil(veil.veil(text)) === text));
  expect(checked.counterexample).toBeNull();
});
