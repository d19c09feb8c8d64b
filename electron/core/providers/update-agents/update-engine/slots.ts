import type { UpdateSlot } from '#shared/contract/update.ts';

interface Slot {
  readonly device: string;
  label: string;
  priority: number | null;
  tries: number | null;
  good: boolean | null;
}

/** The versions that are known without mounting anything. */
export interface SlotVersions {
  readonly running: string;
  /** The version in the slot that is not booted, where something tells it. */
  readonly other: string | null;
  readonly staged: boolean;
}

const mostSlots = 8;

/**
 * Reads `booted=DEVICE`, then for each slot `device=DEVICE` and what `cgpt show` printed of it. The next boot takes the slot
 * of the highest priority that has tries left or is known to be good; of equals, the first.
 */
export function readSlots(lines: readonly string[], versions: SlotVersions): UpdateSlot[] {
  const slots: Slot[] = [];
  const seen = new Set<string>();
  let booted = '';
  let present: Slot | null = null;
  for (const line of lines) {
    const [, key, device = ''] = /^(booted|device)=(\/dev\/[\w./-]{1,100})$/.exec(line) ?? [];
    if (key === 'booted') booted = device;
    else if (key === 'device') {
      present = seen.has(device) ? null : { device, label: '', priority: null, tries: null, good: null };
      seen.add(device);
      if (present && slots.length < mostSlots) slots.push(present);
    } else if (present) readLine(present, line);
  }
  const known = slots.filter(({ priority }) => priority !== null);
  const bootable = known.filter(({ priority, tries, good }) => priority !== 0 && (good === true || (tries ?? 0) > 0));
  const next = bootable.toSorted((a, b) => (b.priority ?? 0) - (a.priority ?? 0))[0];
  return known
    .map((slot) => {
      const isBooted = slot.device === booted;
      return {
        name: slot.label || slot.device,
        version: booted === '' ? null : isBooted ? versions.running : versions.other,
        booted: isBooted,
        next: slot === next,
        good: slot.good,
        tries: slot.tries,
        priority: slot.priority,
        pinned: false,
        staged: versions.staged && !isBooted && slot === next,
      };
    })
    .toSorted((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

function readLine(slot: Slot, line: string): void {
  const label = /Label: "([\w-]{1,40})"/.exec(line)?.[1];
  if (label !== undefined) slot.label = label;
  const flags = /priority=(\d{1,2}) tries=(\d{1,2}) successful=([01])/.exec(line);
  if (!flags) return;
  slot.priority = Number(flags[1]);
  slot.tries = Number(flags[2]);
  slot.good = flags[3] === '1';
}
