/** How many of what a box stands for are chosen. */
export type Chosen = 'none' | 'some' | 'all';

/** A tick box for many things at once: ticked, empty, or mixed. */
export function MixedBox({
  label,
  chosen,
  onToggle,
  tabIndex,
}: {
  readonly label: string;
  readonly chosen: Chosen;
  readonly onToggle: () => void;
  readonly tabIndex?: number;
}) {
  return (
    <input
      ref={(box) => {
        if (box) box.indeterminate = chosen === 'some';
      }}
      type="checkbox"
      aria-label={label}
      title={label}
      checked={chosen === 'all'}
      tabIndex={tabIndex}
      onClick={(event) => event.stopPropagation()}
      onChange={onToggle}
    />
  );
}
