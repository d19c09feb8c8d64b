import { useEffect, useState } from 'react';

/** A value once it stayed the same for a while, compared by what it says; the first one counts at once. */
export function useSettled<T>(value: T, waitMs: number): T {
  const [settled, setSettled] = useState(value);
  const key = JSON.stringify(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(JSON.parse(key) as T), waitMs);
    return () => clearTimeout(timer);
  }, [key, waitMs]);
  return settled;
}
