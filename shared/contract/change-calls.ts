import { z } from 'zod';
import {
  archivedChange,
  changeHistory,
  changeDraft,
  changeId,
  changePlan,
  changeVerbs,
  comparedFile,
  filePath,
  hostChange,
} from './change.ts';
import { hostName } from './ids.ts';
import {
  configDocument,
  correction,
  documentName,
  documentRevision,
  driftedFile,
  exportFormats,
  hostLayers,
  renderedDocument,
} from './document.ts';
import type { CallShape } from './call-shape.ts';

const nothing = z.object({});
const hosts = z.array(hostName).min(1).max(5000);

/** Calls about changes, documents and what hosts have against them. */
export const changeCalls = {
  /** One file over many hosts; each text once, by its hash. */
  'change.compare': {
    kind: 'query',
    input: z.object({ hosts, path: filePath, password: z.string().max(1000).nullable() }),
    output: z.object({ files: z.array(comparedFile), texts: z.record(z.string(), z.string()) }),
  },
  'change.plan': {
    kind: 'query',
    input: z.object({ draft: changeDraft, password: z.string().max(1000).nullable() }),
    output: changePlan,
  },
  'change.read': {
    kind: 'query',
    input: z.object({ id: changeId }),
    output: z.object({ plan: changePlan, hosts: z.array(hostChange) }),
  },
  /** What one host wrote down, and what the gates saw there. */
  'change.host': {
    kind: 'query',
    input: z.object({ id: changeId, host: hostName }),
    output: hostChange.pick({ evidence: true }),
  },
  /** The plan that leads back from a change that is over; hosts that moved on since are left out of it. */
  'change.plan-undo': {
    kind: 'query',
    input: z.object({ id: changeId, password: z.string().max(1000).nullable() }),
    output: changePlan,
  },
  /** What is kept of a change that is long over. */
  'change.archived': { kind: 'query', input: z.object({ id: changeId }), output: archivedChange },
  'change.history': { kind: 'query', input: z.object({ path: filePath }), output: changeHistory },
  /** Writes the plan down, for every console of the cluster to see; nothing is done to a host. */
  'change.propose': { kind: 'change', input: z.object({ plan: changePlan }), output: nothing },
  /** Refused with `stale` when the plan's hash is another one. */
  'change.approve': { kind: 'change', input: z.object({ id: changeId, hash: z.string() }), output: nothing },
  'change.act': {
    kind: 'change',
    input: z.object({
      id: changeId,
      verb: z.enum(changeVerbs),
      /** For `accept` and `skip`: one, or several at once. */
      host: z.union([hostName, hosts]).nullable(),
      password: z.string().max(1000).nullable(),
    }),
    output: nothing,
  },
  /** A document as of a revision; null is the newest. */
  'document.read': {
    kind: 'query',
    input: z.object({ name: documentName, revision: z.int().min(1).nullable() }),
    output: z.object({ document: configDocument, revision: documentRevision }),
  },
  /** Every revision, the newest first. */
  'document.revisions': {
    kind: 'query',
    input: z.object({ name: documentName }),
    output: z.array(documentRevision),
  },
  /** What a document, saved or not, comes to; for one host with its own values, for none with placeholders kept. */
  'document.render': {
    kind: 'query',
    input: z.object({ document: configDocument, host: hostName.nullable() }),
    output: renderedDocument.extend({ hosts: z.array(hostName) }),
  },
  /** Reads the hosts again now and answers when it has. */
  'document.check': {
    kind: 'query',
    input: z.object({ names: z.array(documentName).max(1000), password: z.string().max(1000).nullable() }),
    output: nothing,
  },
  'document.drift': {
    kind: 'query',
    input: z.object({ name: documentName, host: hostName, password: z.string().max(1000).nullable() }),
    output: z.array(driftedFile),
  },
  /** What brings these hosts to what these documents say, to be planned as any change; null hosts are all of them. */
  'document.correct': {
    kind: 'query',
    input: z.object({
      names: z.array(documentName).min(1).max(1000),
      hosts: z.array(hostName).max(5000).nullable(),
    }),
    output: correction,
  },
  /** Everything that a host is to be and by whom, read anew on it; answers when it was. */
  'host.layers': {
    kind: 'query',
    input: z.object({ host: hostName, password: z.string().max(1000).nullable() }),
    output: hostLayers,
  },
  /** One file of a host as whoever holds for it says, and as it stands there. */
  'host.layer': {
    kind: 'query',
    input: z.object({ host: hostName, path: filePath, password: z.string().max(1000).nullable() }),
    output: driftedFile,
  },
  /** What brings files of a host back to what its changes or its first boot left; documents are corrected by themselves. */
  'host.correct': {
    kind: 'query',
    input: z.object({
      host: hostName,
      paths: z.array(filePath).min(1).max(200),
      password: z.string().max(1000).nullable(),
    }),
    output: correction,
  },
  /** A document that says of a file what one host has; not saved yet. */
  'host.adopt': {
    kind: 'query',
    input: z.object({ host: hostName, path: filePath, password: z.string().max(1000).nullable() }),
    output: configDocument,
  },
  /** The document with what a host has in place of what it says about these paths; not saved yet. */
  'document.adopt': {
    kind: 'query',
    input: z.object({
      name: documentName,
      host: hostName,
      paths: z.array(z.string()).min(1).max(200),
      password: z.string().max(1000).nullable(),
    }),
    output: configDocument,
  },
  /** Documents together as one text for provisioning; `notes` says what it cannot hold. With a host: only those for it. */
  'document.export': {
    kind: 'query',
    input: z.object({
      names: z.array(documentName).min(1).max(1000),
      host: hostName.nullable(),
      format: z.enum(exportFormats),
    }),
    output: z.object({ text: z.string(), notes: z.array(z.string()) }),
  },
  /** Keeps a new revision. `base` is the one that was edited, null for a new document; `conflict` when another is newest. */
  'document.save': {
    kind: 'change',
    input: z.object({ document: configDocument, base: z.int().nullable(), message: z.string().max(500) }),
    output: documentRevision,
  },
  /** Its revisions are kept; nothing is removed from a host. */
  'document.remove': {
    kind: 'change',
    input: z.object({ name: documentName, base: z.int(), message: z.string().max(500) }),
    output: nothing,
  },
} as const satisfies Record<string, CallShape>;
