/** Milliseconds to wait before attempt number `attempt` (from 1): doubling from 0.5 s to 15 s, spread by `random` (0..1). */
export function backoffMs(attempt: number, random: number): number {
  const full = Math.min(15_000, 500 * 2 ** Math.max(0, attempt - 1));
  return Math.round(full * (0.5 + random / 2));
}
