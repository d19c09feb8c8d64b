import { describe, expect, it } from 'vitest';
import { bindingFor, type KeyLayer, keyName } from './keyboard.ts';

const press = (key: string, more: Partial<KeyboardEvent> = {}) =>
  keyName({ key, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...more });

describe('keyName', () => {
  it('names keys as people write them', () => {
    expect(press('j')).toBe('j');
    expect(press('J', { shiftKey: true })).toBe('Shift+j');
    expect(press('?', { shiftKey: true })).toBe('?');
    expect(press(' ')).toBe('Space');
    expect(press('ArrowDown', { shiftKey: true })).toBe('Shift+ArrowDown');
    expect(press('k', { metaKey: true })).toBe('Mod+k');
  });
});

describe('bindingFor', () => {
  const binding = (keys: string, typing = false) => ({ keys, label: keys, typing, run: () => {} });
  const layers: KeyLayer[] = [
    { title: 'Fleet', depth: 'view', bindings: [binding('j'), binding('Escape', true)] },
    {
      title: 'Everywhere',
      depth: 'everywhere',
      bindings: [binding('g f'), binding('g e'), binding('f'), binding('j')],
    },
  ];

  it('finds chords, within their time only', () => {
    expect(bindingFor('g', false, 0, layers)).toBeNull();
    expect(bindingFor('f', false, 500, layers)?.keys).toBe('g f');
    expect(bindingFor('g', false, 1000, layers)).toBeNull();
    expect(bindingFor('f', false, 3000, layers)?.keys).toBe('f');
  });

  it('lets the most particular layer win', () => {
    expect(bindingFor('j', false, 0, layers)).toBe(layers[0]?.bindings[0]);
  });

  it('leaves letters to the text being typed', () => {
    expect(bindingFor('j', true, 0, layers)).toBeNull();
    expect(bindingFor('g', true, 0, layers)).toBeNull();
    expect(bindingFor('f', true, 10, layers)).toBeNull();
    expect(bindingFor('Escape', true, 0, layers)?.keys).toBe('Escape');
  });
});
