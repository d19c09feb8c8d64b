import type { ConfigDocument, DocumentAbout, DocumentFormat, HostDrift } from '#shared/contract/document.ts';
import { printSteps } from '#shared/lib/change/suggest.ts';
import type { RecordOf } from '#shared/contract/records.ts';
import type { Sign } from '../words/states.ts';

type DriftState = HostDrift['state'];

/** How each standing of a host to a document is shown. */
export const driftSigns: Record<DriftState, Sign> = {
  same: { tone: 'good', shape: 'disc', word: 'same' },
  differs: { tone: 'attention', shape: 'triangle', word: 'differs' },
  missing: { tone: 'attention', shape: 'ring', word: 'missing' },
  unreadable: { tone: 'bad', shape: 'cross', word: 'unreadable' },
  unreachable: { tone: 'away', shape: 'slash', word: 'unreachable' },
  unknown: { tone: 'unknown', shape: 'question', word: 'unknown' },
};

/** The state of so many hosts as a word: `1 differs`, `2 differ`. */
export function driftWord(state: DriftState, hosts: number): string {
  return state === 'differs' && hosts !== 1 ? 'differ' : driftSigns[state].word;
}

/** From the state that needs a person most to the one that needs nobody. */
const bySeverity: readonly DriftState[] = ['differs', 'missing', 'unreadable', 'unknown', 'unreachable', 'same'];

/** Hosts that stand alike. */
export interface DriftFold {
  readonly state: DriftState;
  readonly hosts: readonly HostDrift[];
}

/** Hosts folded by state; the states that need a person come first, states without hosts are left out. */
export function foldDrift(drift: readonly HostDrift[]): DriftFold[] {
  return bySeverity
    .map((state) => ({ state, hosts: drift.filter((one) => one.state === state) }))
    .filter(({ hosts }) => hosts.length > 0);
}

/** Whether a correction would bring this host back. */
export function isDrifted({ state }: HostDrift): boolean {
  return state === 'differs' || state === 'missing';
}

/** Hosts that are not as any of these documents says; each counts once. */
export function driftedHosts(documents: ReadonlyMap<string, RecordOf<'document'>>): ReadonlySet<string> {
  const hosts = new Set<string>();
  for (const { drift = [] } of documents.values()) for (const one of drift) if (isDrifted(one)) hosts.add(one.host);
  return hosts;
}

/** Why a host stands as it does, in words; empty when it is as it should be. */
export function whyDrifted({ differs, reason }: HostDrift): string {
  // Where there is a reason, what differs is only what was seen in spite of it.
  if (reason) return [reason.message, reason.hint].filter(Boolean).join('. ');
  return differs.map(({ what, how }) => `${what}: ${how}`).join(' · ');
}

/** What each format is called. */
export const formatWords: Record<DocumentFormat, string> = {
  file: 'A file',
  'cloud-config': 'cloud-config',
  butane: 'Butane',
  ignition: 'Ignition',
};

/** What a document is: the path of a file, or its format. */
export function whatItIs({ format, path }: Pick<DocumentAbout, 'format' | 'path'>): string {
  return path ?? formatWords[format];
}

/** Whom a document is for, as its filter says. */
export function forWhom(targets: string): string {
  return targets.trim() === '' ? 'every host' : targets.trim();
}

/** Two documents as texts to compare: where all but the text is equal only the text, else what else is said comes first. */
export function documentTexts(before: ConfigDocument, after: ConfigDocument): { before: string; after: string } {
  const heads = [headOf(before), headOf(after)] as const;
  if (heads[0] === heads[1]) return { before: before.content, after: after.content };
  return { before: `${heads[0]}\n${before.content}`, after: `${heads[1]}\n${after.content}` };
}

function headOf({ targets, format, file }: ConfigDocument): string {
  const lines = [`for: ${forWhom(targets)}`, `is: ${file?.path ?? formatWords[format]}`];
  if (file) {
    lines.push(
      `mode: ${file.mode ?? 'as it is'}`,
      `owner: ${file.owner ? `${file.owner.uid}:${file.owner.gid}` : 'as it is'}`,
      `then: ${printSteps(file.actions).replaceAll('\n', ', ') || 'nothing'}`,
    );
  }
  return `${lines.join('\n')}\n`;
}
