import { useEffect, useState } from 'react';
import type { Problem } from '#shared/contract/problem.ts';
import type { UnitsItem } from '#shared/contract/streams.ts';
import type { Unit } from '#shared/contract/unit.ts';
import { useConsole } from '../../state/console.ts';

/** Every unit of a host by name, live; null until the first list has come. */
export type UnitsByName = ReadonlyMap<string, Unit>;

/** The units with one item of the stream applied. */
export function withUnits(units: UnitsByName | null, item: UnitsItem): UnitsByName {
  const next = new Map(item.reset ? [] : units);
  for (const unit of item.changed) next.set(unit.name, unit);
  for (const name of item.removed) next.delete(name);
  return next;
}

/** Follows the units of a host; what is held stays, with the problem, when the stream ends. */
export function useUnits(host: string): { readonly units: UnitsByName | null; readonly problem: Problem | null } {
  const { link } = useConsole();
  const [units, setUnits] = useState<UnitsByName | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  useEffect(() => {
    // Several changes of one moment (a target going down) are drawn as one.
    let waiting: UnitsItem[] = [];
    let frame = 0;
    const flush = () => {
      frame = 0;
      const items = waiting;
      waiting = [];
      setUnits((held) => items.reduce<UnitsByName | null>(withUnits, held));
    };
    const stop = link.follow(
      { kind: 'units', host },
      {
        onStart: () => setProblem(null),
        onItem: (item) => {
          waiting.push(item);
          if (frame === 0) frame = requestAnimationFrame(flush);
        },
        onEnd: setProblem,
      },
    );
    return () => {
      stop();
      cancelAnimationFrame(frame);
    };
  }, [link, host]);
  return { units, problem };
}
