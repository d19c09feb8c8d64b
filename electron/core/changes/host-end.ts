import type { HostChange } from '#shared/contract/change.ts';
import type { HostStep } from './host-transaction.ts';

/** How a change ended on a host where nothing of it is left but the journal, by what the host wrote down, oldest first. */
export function endOnHost(steps: readonly HostStep[]): Pick<HostChange, 'state' | 'text'> {
  const last = steps.at(-1);
  const text = last?.text ?? '';
  switch (last?.step) {
    case 'confirmed':
      return { state: 'done', text: '' };
    case 'unchanged':
    case 'stale':
    case 'invalid':
      return { state: last.step, text };
    case 'busy':
      return { state: 'inconclusive', text };
    case 'restored':
      return { state: 'restored', text: steps.findLast(({ step }) => step === 'failed')?.text ?? wordsOf(text) };
    default:
      return { state: 'restored', text: text || 'nothing was changed' };
  }
}

/** Whether it was confirmed on the host, whatever became of it since. */
export function wasConfirmed({ evidence }: Pick<HostChange, 'evidence'>): boolean {
  return evidence.some(({ step }) => step === 'confirmed');
}

function wordsOf(reason: string): string {
  if (reason === 'deadman') return 'nobody confirmed it in time: the host took it back by itself';
  return reason === 'boot' ? 'the host went down before it was confirmed, and took it back as it came up' : reason;
}

/** How a way back that went well ends: by itself after a failure, which `why` tells, or as a person wished. */
export function endOfBack(why: string): HostChange['state'] {
  return why === '' ? 'undone' : 'restored';
}

/** What came of it, behind why it was done where there is a why. */
export function because(why: string, text: string): string {
  return why === '' ? text : `${why}; ${text}`;
}
