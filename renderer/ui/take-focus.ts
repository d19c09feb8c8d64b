/** Moves the focus to a list whose cursor moved, unless text is being typed: keys that follow are meant for the list. */
export function takeFocus(list: HTMLElement | SVGElement | null): void {
  const focused = document.activeElement;
  if (!list || list.contains(focused)) return;
  if (
    focused?.closest(
      'input:not([type="checkbox"]),textarea,select,[contenteditable="true"],[role="dialog"],[role="menu"]',
    )
  )
    return;
  list.focus({ preventScroll: true });
}
