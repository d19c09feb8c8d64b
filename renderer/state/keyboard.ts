import { useEffect, useLayoutEffect, useRef } from 'react';

/** One key or chord and what it does; `keys` as `j`, `Shift+ArrowDown`, `Mod+k` or `g f`. */
export interface Binding {
  readonly keys: string;
  /** For the overlay; a binding without it is a second way to the same and not listed. */
  readonly label?: string;
  readonly run: () => void;
  /** True for keys that also work while text is being typed. */
  readonly typing?: boolean;
}

/** How particular a layer is: a part of a view wins over the view, a view over what works everywhere. */
export type KeyDepth = 'everywhere' | 'view' | 'part' | 'detail';

/** The bindings of one view or part of it, under its title. */
export interface KeyLayer {
  readonly title: string;
  readonly depth: KeyDepth;
  readonly bindings: readonly Binding[];
}

const chordMs = 1200;
const depths: readonly KeyDepth[] = ['everywhere', 'view', 'part', 'detail'];
const layers: { current: KeyLayer }[] = [];
let begun: { keys: string; at: number } | null = null;

/** Everything that has keys now, the most particular first, for the overlay. */
export function keyLayers(): KeyLayer[] {
  return layers
    .map(({ current }) => current)
    .toReversed()
    .toSorted((a, b) => depths.indexOf(b.depth) - depths.indexOf(a.depth));
}

/** Adds keys while the component lives; the most particular layer wins, of equals the newest. */
export function useKeys(title: string, depth: KeyDepth, bindings: readonly Binding[]): void {
  const layer = useRef<KeyLayer>({ title, depth, bindings });
  useLayoutEffect(() => {
    layer.current = { title, depth, bindings };
  });
  useEffect(() => {
    layers.push(layer);
    return () => void layers.splice(layers.indexOf(layer), 1);
  }, []);
}

/** The name of a pressed key as bindings write it. */
export function keyName(event: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>): string {
  const key = event.key === ' ' ? 'Space' : event.key;
  const letter = /^\p{L}$/u.test(key);
  const shift = event.shiftKey && (key.length > 1 || letter) ? 'Shift+' : '';
  const mod = event.ctrlKey || event.metaKey ? 'Mod+' : '';
  return `${mod}${event.altKey ? 'Alt+' : ''}${shift}${letter ? key.toLowerCase() : key}`;
}

/** Finds what a key does now: a chord that began less than 1.2 s ago goes first. */
export function bindingFor(name: string, typing: boolean, at: number, all: readonly KeyLayer[]): Binding | null {
  const chord = begun && at - begun.at < chordMs ? `${begun.keys} ${name}` : null;
  begun = null;
  const bindings = all.flatMap((layer) => layer.bindings).filter((binding) => !typing || binding.typing);
  const found = (chord && bindings.find(({ keys }) => keys === chord)) || bindings.find(({ keys }) => keys === name);
  if (!found && bindings.some(({ keys }) => keys.startsWith(`${name} `))) begun = { keys: name, at };
  return found ?? null;
}

/** Handles every key of a page, none while `blocked` says that something lies over the view; returns the way to stop. */
export function listenToKeys(
  page: Pick<Document, 'addEventListener' | 'removeEventListener'>,
  blocked: () => boolean,
): () => void {
  const onKey = (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.isComposing || blocked()) return;
    const place = placeOf(event.target);
    if (place === 'popup' || (place === 'control' && (event.key === 'Enter' || event.key === ' '))) return;
    const binding = bindingFor(keyName(event), place === 'text', event.timeStamp, keyLayers());
    if (!binding) return;
    event.preventDefault();
    binding.run();
  };
  page.addEventListener('keydown', onKey);
  return () => page.removeEventListener('keydown', onKey);
}

/** Where a key was pressed: text is typed in, controls have keys of their own, popups keep all of theirs. */
function placeOf(target: EventTarget | null): 'text' | 'control' | 'popup' | 'view' {
  if (!(target instanceof Element)) return 'view';
  if (target.closest('[role="dialog"],[role="menu"]')) return 'popup';
  if (target.closest('textarea,select,[contenteditable="true"],input:not([type="checkbox"],[type="radio"])'))
    return 'text';
  if (target.closest('button,a,summary,input,[role="separator"]')) return 'control';
  return 'view';
}
