import { z } from 'zod';
import type { UpdateSlot } from '#shared/contract/update.ts';
import { cleanLine } from '#shared/lib/clean-text.ts';

const text = z.string().max(100_000);
const deployment = z.object({
  checksum: text.optional().catch(undefined),
  version: text.nullish().catch(null),
  origin: text.nullish().catch(null),
  'container-image-reference': text.nullish().catch(null),
  'base-commit-meta': z.record(z.string(), z.unknown()).nullish().catch(null),
  booted: z.boolean().catch(false),
  staged: z.boolean().catch(false),
  pinned: z.boolean().catch(false),
  'finalization-locked': z.boolean().catch(false),
});
const status = z.object({
  deployments: z.array(deployment).max(50),
  transaction: z.array(z.unknown()).nullish().catch(null),
  'cached-update': z
    .object({ version: text.nullish().catch(null) })
    .nullish()
    .catch(null),
  'update-driver': z
    .object({ 'driver-name': text.nullish().catch(null) })
    .nullish()
    .catch(null),
});

/** What `rpm-ostree status --json` tells that matters for updates. */
export interface Deployments {
  readonly slots: UpdateSlot[];
  readonly running: string | null;
  /** The version that the next boot takes, when that is not the one that runs. */
  readonly next: string | null;
  readonly isStaged: boolean;
  /** Staged, but not to be booted before Zincati says so. */
  readonly isLocked: boolean;
  readonly stream: string | null;
  readonly origin: string | null;
  readonly transaction: string | null;
  readonly cached: string | null;
  readonly driver: string | null;
}

/** Reads it; null for anything that is not such an answer. */
export function readDeployments(json: string): Deployments | null {
  let told: unknown;
  try {
    told = JSON.parse(json);
  } catch {
    return null;
  }
  const parsed = status.safeParse(told);
  if (!parsed.success) return null;
  const { deployments, transaction, ...rest } = parsed.data;
  const booted = deployments.find((each) => each.booted);
  const [first] = deployments;
  const version = (each: (typeof deployments)[number] | undefined) =>
    each ? shown(each.version ?? each.checksum?.slice(0, 12)) : null;
  const slots = deployments.map((each, at) => ({
    name: `${at}`,
    version: version(each),
    booted: each.booted,
    next: at === 0,
    good: null,
    tries: null,
    priority: null,
    pinned: each.pinned,
    staged: each.staged,
  }));
  const isStaged = deployments.some(({ staged }) => staged) || (first !== undefined && !first.booted);
  return {
    slots,
    running: version(booted),
    next: first && !first.booted ? version(first) : null,
    isStaged,
    isLocked: deployments.some((each) => each.staged && each['finalization-locked']),
    stream: booted ? streamOf(booted) : null,
    origin: shown(booted?.['container-image-reference'] ?? booted?.origin),
    transaction: transaction && transaction.length > 0 ? (shown(transaction[0]) ?? 'a transaction') : null,
    cached: shown(rest['cached-update']?.version),
    driver: shown(rest['update-driver']?.['driver-name']),
  };
}

function shown(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? cleanLine(value, 300) : null;
}

function streamOf(booted: z.infer<typeof deployment>): string | null {
  const told = shown(booted['base-commit-meta']?.['fedora-coreos.stream']);
  if (told !== null) return told;
  const reference = booted['container-image-reference'] ?? booted.origin ?? '';
  const ofImage = /\/fedora-coreos:([a-z][a-z-]{1,40})(?:@|$)/.exec(reference);
  const ofRef = /fedora\/[\w-]{1,20}\/coreos\/([a-z][a-z-]{1,40})$/.exec(reference);
  return ofImage?.[1] ?? ofRef?.[1] ?? null;
}
