import { z } from 'zod';
import type { HostFacts } from '#shared/contract/host.ts';

type Boot = HostFacts['boots'][number];

const mostBoots = 40;
const microseconds = z.number().min(0).max(1e17);
const bootEntry = z.object({
  index: z.int(),
  boot_id: z.string().regex(/^[0-9a-f]{32}$/),
  first_entry: microseconds,
  last_entry: microseconds,
});

const inText =
  /^\s*(-?\d{1,6})\s+([0-9a-f]{32})\s+\w{3} (\d{4}-\d\d-\d\d \d\d:\d\d:\d\d) UTC\s*(?:—|-|\s)\s*\w{3} (\d{4}-\d\d-\d\d \d\d:\d\d:\d\d) UTC/;

/** The newest boots a journal knows, oldest first: from JSON (systemd 251 on), or from the table older ones print. */
export function bootList(lines: readonly string[]): Boot[] {
  const whole = lines.join('\n');
  const fromJson = (whole.match(/\{[^{}]*\}/g) ?? []).flatMap((text) => {
    try {
      const boot = bootEntry.safeParse(JSON.parse(text));
      if (!boot.success) return [];
      const { index, boot_id, first_entry, last_entry } = boot.data;
      return [{ index, bootId: boot_id, firstAt: first_entry / 1000, lastAt: last_entry / 1000 }];
    } catch {
      return [];
    }
  });
  const found = fromJson.length > 0 ? fromJson : lines.flatMap(textBoot);
  return found.sort((a, b) => a.index - b.index).slice(-mostBoots);
}

function textBoot(line: string): Boot[] {
  const found = inText.exec(line);
  if (!found) return [];
  const time = (text: string | undefined) => Date.parse(`${(text ?? '').replace(' ', 'T')}Z`);
  const boot = { index: Number(found[1]), bootId: found[2] ?? '', firstAt: time(found[3]), lastAt: time(found[4]) };
  return Number.isFinite(boot.firstAt) && Number.isFinite(boot.lastAt) ? [boot] : [];
}
