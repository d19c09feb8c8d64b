import { type RebootWindows, type WindowState, windowState } from '../reboot/window.ts';

const mostKnown = 500;
const foreverMs = 3_600_000;
const known = new Map<string, WindowState & { readonly from: number }>();

/** How windows stand now, remembered until that changes: zones are slow to reckon with, and fleets share few windows. */
export function knownWindowState(windows: RebootWindows, now: number): WindowState {
  const key = JSON.stringify(windows);
  const before = known.get(key);
  if (before && now >= before.from && now < (before.until ?? before.from + foreverMs)) return before;
  if (known.size > mostKnown) known.clear();
  const state = { from: now, ...windowState(windows, now) };
  known.set(key, state);
  return state;
}
