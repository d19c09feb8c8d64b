import { z } from 'zod';
import { changeDraft, changeId, filePath, unitStep } from './change.ts';
import { epochMs, hostName } from './ids.ts';
import { problem } from './problem.ts';

/** A document's name: part of keys in etcd and of file names. */
export const documentName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._-]{0,99}$/, 'small letters, digits, dots, dashes and underscores, at most 100');

/**
 * What a document's text is: one `file` as it lies on a host (units, drop-ins, networkd files and all others), or a bundle
 * of many things in a format that machines are provisioned with.
 */
export const documentFormats = ['file', 'cloud-config', 'butane', 'ignition'] as const;
export type DocumentFormat = (typeof documentFormats)[number];

/** Configuration as a team keeps it: what it says, and for which hosts. */
export const configDocument = z
  .object({
    name: documentName,
    format: z.enum(documentFormats),
    /** A filter in the fleet's filter language; the hosts it fits now are its hosts. Empty is every host. */
    targets: z.string().max(1000),
    /** Where the text lies on a host, for `file` only. Null mode or owner: whatever is there, 644 root for a new file. */
    file: z
      .object({
        path: filePath,
        mode: z
          .string()
          .regex(/^[0-7]{3,4}$/)
          .nullable(),
        owner: z.object({ uid: z.int().min(0), gid: z.int().min(0) }).nullable(),
        /** What is done where the file changed. */
        actions: z.array(unitStep).max(20),
      })
      .nullable(),
    content: z.string().max(262_144),
  })
  .refine(
    ({ format, file }) => (format === 'file') === (file !== null),
    'a path is for the format "file", and only for it',
  );
export type ConfigDocument = z.infer<typeof configDocument>;

/** One revision of a document: who wrote it, when and why. Null hash: the document was removed by it. */
export const documentRevision = z.object({
  revision: z.int().min(1),
  by: z.string(),
  at: epochMs,
  message: z.string().max(500),
  hash: z.string().nullable(),
});
export type DocumentRevision = z.infer<typeof documentRevision>;

/** A document in a list. */
export const documentAbout = z.object({
  name: documentName,
  format: z.enum(documentFormats),
  targets: z.string(),
  path: filePath.nullable(),
  last: documentRevision,
  /** Why it cannot be rendered, with line and column in the text. */
  problems: z.array(problem),
});
export type DocumentAbout = z.infer<typeof documentAbout>;

/** How one host stands to one document. */
export const driftStates = ['same', 'differs', 'missing', 'unreadable', 'unreachable', 'unknown'] as const;
export const hostDrift = z.object({
  host: hostName,
  state: z.enum(driftStates),
  /** What differs, in words: paths, units, the attribute. */
  differs: z.array(z.object({ what: z.string(), how: z.string(), path: filePath.nullable() })).max(200),
  reason: problem.nullable(),
  /** When it was last read on the host; null when it never was. */
  readAt: epochMs.nullable(),
});
export type HostDrift = z.infer<typeof hostDrift>;

/** A change that wrote a file, as it is named where the file is shown. */
export const writtenBy = z.object({ id: changeId, title: z.string(), by: z.string(), at: epochMs });

/** How a host stands to what changes left on it, in files that no document for it names. */
export const hostApplied = z.object({
  files: z.int(),
  /** Files of which nothing is known now: not read since the change, or not readable. */
  unknown: z.int(),
  differs: z
    .array(z.object({ path: filePath, state: z.enum(['differs', 'missing']), how: z.string(), change: writtenBy }))
    .max(200),
  readAt: epochMs.nullable(),
});
export type HostApplied = z.infer<typeof hostApplied>;

/** What a document comes to on a host. `firstBoot` is what only a first boot does: it is named, never pretended. */
export const renderedDocument = z.object({
  files: z.array(
    z.object({
      path: filePath,
      content: z.string().nullable(),
      mode: z.string().nullable(),
      owner: z.object({ uid: z.int(), gid: z.int() }).nullable(),
    }),
  ),
  actions: z.array(unitStep),
  firstBoot: z.array(z.object({ what: z.string(), why: z.string(), line: z.int() })),
  problems: z.array(problem),
});
export type RenderedDocument = z.infer<typeof renderedDocument>;

/** One file as a document wishes it and as a host has it; null text: not there, or not text (then `note` says so). */
export const driftedFile = z.object({
  path: filePath,
  wished: z.string().nullable(),
  found: z.string().nullable(),
  note: z.string(),
  /** The change that wrote it last, by the journal; null where none did. */
  lastChange: writtenBy
    /** `since`: somebody else wrote the file after that: when, where there is a file. */
    .extend({ since: z.object({ at: epochMs.nullable() }).nullable() })
    .nullable(),
});
export type DriftedFile = z.infer<typeof driftedFile>;

export const exportFormats = ['butane-flatcar', 'butane-fcos', 'cloud-config'] as const;
export type ExportFormat = (typeof exportFormats)[number];

/** A draft that brings hosts to what their documents say, and what cannot be brought there. */
export const correction = z.object({
  draft: changeDraft.nullable(),
  leftOut: z.array(z.object({ host: hostName, reason: problem })),
});

/** Who says what a file or a unit of a host is to be: a document for it, a change that came to be there, its first boot. */
export const layerSource = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('document'), name: documentName, revision: z.int() }),
  z.object({ kind: z.literal('change'), change: writtenBy }),
  z.object({ kind: z.literal('first-boot'), from: filePath }),
]);
export type LayerSource = z.infer<typeof layerSource>;

/** A file (with its path) or a unit of a host, with everybody who says what it is to be; the first is the one that holds. */
export const layeredPart = z.object({
  what: z.string(),
  path: filePath.nullable(),
  says: z.array(layerSource).min(1),
  state: z.enum(['same', 'differs', 'missing', 'unreadable', 'unknown']),
  /** What differs, or why it is not known, in words. */
  how: z.string(),
  /** The change that wrote it last, by the journal; null where none did. */
  last: writtenBy.nullable(),
  readAt: epochMs.nullable(),
});
export type LayeredPart = z.infer<typeof layeredPart>;

/** What a host was told at its first boot, as far as that is still to be found on it. */
export const hostFirstBoot = z.object({
  /** Files that it was read from; null format: it is there and cannot be compared, `note` says why. */
  sources: z.array(z.object({ from: filePath, format: z.enum(documentFormats).nullable(), note: z.string() })),
  /** What only a first boot does, and what of it is not understood here. */
  only: z.array(z.object({ from: filePath, what: z.string(), why: z.string(), line: z.int() })).max(200),
  /** What Ignition wrote down of its run, in words; null where it did not. */
  result: z.string().nullable(),
  /** Why it could not be looked for; null when it could. */
  problem: problem.nullable(),
});
export type HostFirstBoot = z.infer<typeof hostFirstBoot>;

/** A host as first boot, documents and changes say it should be, and how it stands to that. */
export const hostLayers = z.object({ firstBoot: hostFirstBoot, parts: z.array(layeredPart).max(2000) });
export type HostLayers = z.infer<typeof hostLayers>;
