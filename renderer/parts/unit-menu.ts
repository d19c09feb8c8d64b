import type { Unit, UnitVerb } from '#shared/contract/unit.ts';
import { copyLink } from '../state/copy-link.ts';
import { useConsole } from '../state/console.ts';
import { useOperate } from '../state/hooks.ts';
import { deepLink, type Route } from '../state/routes.ts';
import type { MenuLine } from '../ui/menu.tsx';
import { verbsFor, verbWords } from './unit-verbs.ts';

interface UnitMenu {
  readonly show: () => void;
  readonly act: (verb: UnitVerb) => void;
  /** Where the unit is shown. */
  readonly link: Route;
}

/** The lines of a unit's menu: what can be done with it (not in observe mode), and ways to show and name it. */
export function useUnitMenu(): (unit: Unit, menu: UnitMenu) => (MenuLine | null)[] {
  const operate = useOperate();
  const { notices } = useConsole();
  return ({ name, active }, { show, act, link }) => {
    // Whether it is enabled is known only of the one that is open; both are offered, and the plan says what there is to do.
    const verbs = operate ? verbsFor(active, '') : [];
    return [
      ...verbs.map((verb) => ({ label: `${verbWords[verb]} ${name}`, run: () => act(verb) })),
      ...(verbs.length > 0 ? [null] : []),
      { label: 'Show in detail', keys: 'Enter', run: show },
      { label: 'Copy the name', run: () => notices.watch('Copying', navigator.clipboard.writeText(name)) },
      { label: 'Copy link to the unit', run: () => notices.watch('Copying', copyLink(deepLink(link))) },
    ];
  };
}
