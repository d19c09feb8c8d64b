import { useStore } from 'zustand';
import { useConsole } from '../../state/console.ts';
import { howManyOf, toggledAll } from '../../state/selection.ts';
import { MixedBox } from '../../ui/mixed-box.tsx';
import { count } from '../../words/amounts.ts';

/** Selects every host that matches the filter, folded away or not; or none of them. */
export function SelectAll({ matched }: { readonly matched: readonly string[] }) {
  const { selection } = useConsole();
  const chosen = useStore(selection, ({ hosts }) => howManyOf(hosts, matched));
  return (
    <span className="fleet-select-all">
      <MixedBox
        label={chosen === 'all' ? 'Unselect all' : `Select all ${count(matched.length, 'host')}`}
        chosen={chosen}
        onToggle={() => selection.setState(toggledAll(selection.getState(), matched))}
      />
    </span>
  );
}
