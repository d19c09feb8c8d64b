import { z } from 'zod';
import type { UpdateSlot } from '#shared/contract/update.ts';
import { cleanLine } from '#shared/lib/clean-text.ts';

const text = z.string().max(2000);
const image = z.object({
  image: z.object({ image: text.optional() }).nullish(),
  version: text.nullish(),
  imageDigest: text.nullish(),
});
const entry = z.object({ image: image.nullish(), cachedUpdate: image.nullish(), pinned: z.boolean().nullish() });
const host = z.object({
  kind: z.literal('BootcHost'),
  status: z.object({
    booted: entry.nullish(),
    staged: entry.nullish(),
    rollback: entry.nullish(),
    rollbackQueued: z.boolean().nullish(),
  }),
});

/** What `bootc status --json` tells; `booted` is null on a system that only has the command. */
export interface BootcImages {
  readonly slots: UpdateSlot[];
  readonly booted: string | null;
  readonly reference: string | null;
  readonly staged: string | null;
  readonly cached: string | null;
}

/** Reads it; null for anything else. */
export function readImages(json: string): BootcImages | null {
  let told: unknown;
  try {
    told = JSON.parse(json);
  } catch {
    return null;
  }
  const parsed = host.safeParse(told);
  if (!parsed.success) return null;
  const { booted, staged, rollback, rollbackQueued } = parsed.data.status;
  const goesBack = rollbackQueued === true;
  const slot = (name: string, of: typeof booted, next: boolean): UpdateSlot[] =>
    of
      ? [
          {
            name,
            version: versionOf(of.image),
            booted: name === 'booted',
            next,
            good: null,
            tries: null,
            priority: null,
            pinned: of.pinned === true,
            staged: name === 'staged',
          },
        ]
      : [];
  return {
    slots: [
      ...slot('staged', staged, !goesBack),
      ...slot('booted', booted, !goesBack && !staged),
      ...slot('rollback', rollback, goesBack),
    ],
    booted: versionOf(booted?.image),
    reference: shown(booted?.image?.image?.image),
    staged: goesBack ? versionOf(rollback?.image) : versionOf(staged?.image),
    cached: versionOf(booted?.cachedUpdate),
  };
}

function versionOf(of: z.infer<typeof image> | null | undefined): string | null {
  return shown(of?.version) ?? shown(of?.imageDigest?.slice(0, 19));
}

function shown(value: string | null | undefined): string | null {
  return value ? cleanLine(value, 300) : null;
}
