import { z } from 'zod';
import { changeDraft, filePath, unitStep } from './change.ts';
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
  lastChange: z
    .object({
      id: z.string(),
      title: z.string(),
      by: z.string(),
      at: epochMs,
      /** Somebody else wrote the file after that: when, where there is a file. */
      since: z.object({ at: epochMs.nullable() }).nullable(),
    })
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
