import { useEffect, useMemo, useState } from 'react';
import type { Problem } from '#shared/contract/problem.ts';
import type { StreamItem, Subject } from '#shared/contract/streams.ts';
import { useConsole } from './console.ts';

/**
 * What a stream tells, folded item by item and drawn once a frame: several items of one moment are one. Null until the first
 * came; what is held stays, with the problem, when the stream ends. `fold` must be the same function each time.
 */
export function useStream<K extends Subject['kind'], T>(
  subject: Extract<Subject, { kind: K }>,
  fold: (held: T | null, item: StreamItem<K>) => T,
): { readonly held: T | null; readonly problem: Problem | null } {
  const { link } = useConsole();
  const [held, setHeld] = useState<T | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const key = JSON.stringify(subject);
  const followed = useMemo(() => JSON.parse(key) as typeof subject, [key]);
  useEffect(() => {
    let waiting: StreamItem<K>[] = [];
    let frame = 0;
    const flush = () => {
      frame = 0;
      const items = waiting;
      waiting = [];
      setHeld((before) => items.reduce<T | null>(fold, before));
    };
    const stop = link.follow<typeof followed>(followed, {
      onStart: () => setProblem(null),
      onItem: (item) => {
        waiting.push(item);
        if (frame === 0) frame = requestAnimationFrame(flush);
      },
      onEnd: setProblem,
    });
    return () => {
      stop();
      cancelAnimationFrame(frame);
    };
  }, [link, followed, fold]);
  return { held, problem };
}
