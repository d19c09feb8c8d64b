import type { ChangeState, ChangeVerb, HostChange } from '#shared/contract/change.ts';
import type { Sign } from '../../words/states.ts';

/** How a change stands as a whole. */
export const changeSigns: Record<ChangeState, Sign> = {
  planned: { tone: 'unknown', shape: 'ring', word: 'planned' },
  running: { tone: 'moving', shape: 'dots', word: 'running' },
  paused: { tone: 'attention', shape: 'pause', word: 'paused' },
  stopped: { tone: 'purpose', shape: 'slash', word: 'stopped' },
  committed: { tone: 'good', shape: 'disc', word: 'committed' },
  'rolling-back': { tone: 'moving', shape: 'dots', word: 'rolling back' },
  'rolled-back': { tone: 'purpose', shape: 'slash', word: 'rolled back' },
  'not-rolled-back': { tone: 'bad', shape: 'cross', word: 'NOT rolled back' },
};

/** How a host stands in a change. */
export const hostSigns: Record<HostChange['state'], Sign> = {
  waiting: { tone: 'unknown', shape: 'ring', word: 'waiting' },
  applying: { tone: 'moving', shape: 'dots', word: 'applying' },
  verifying: { tone: 'moving', shape: 'dots', word: 'verifying' },
  confirming: { tone: 'moving', shape: 'dots', word: 'confirming' },
  done: { tone: 'good', shape: 'disc', word: 'done' },
  unchanged: { tone: 'good', shape: 'ring', word: 'already so' },
  stale: { tone: 'attention', shape: 'triangle', word: 'changed by others' },
  invalid: { tone: 'bad', shape: 'triangle', word: 'refused by its check' },
  restored: { tone: 'bad', shape: 'slash', word: 'put back' },
  'not-restored': { tone: 'bad', shape: 'cross', word: 'NOT restored' },
  unreachable: { tone: 'away', shape: 'slash', word: 'unreachable' },
  inconclusive: { tone: 'attention', shape: 'question', word: 'inconclusive' },
  skipped: { tone: 'purpose', shape: 'slash', word: 'skipped' },
  undoing: { tone: 'moving', shape: 'dots', word: 'putting back' },
  undone: { tone: 'purpose', shape: 'disc', word: 'put back' },
};

/** A verb as the text of its button, and what it means, once and for all. */
export const verbWords: Record<ChangeVerb, { readonly label: string; readonly means: string }> = {
  start: { label: 'Start the change', means: 'Begins with the first wave.' },
  pause: { label: 'Pause', means: 'No further host begins; those begun finish. Resume goes on where it stands.' },
  resume: {
    label: 'Resume',
    means:
      'Goes on with the next host that waits. Failures so far are accepted, and new ones count anew; a host of which it is not known is put back.',
  },
  stop: {
    label: 'Stop here',
    means: 'No further host begins; those begun finish. What is done stays done, and the change is over.',
  },
  'roll-back': { label: 'Roll back all', means: 'Puts every changed host back at once, without waves.' },
  'retry-failed': {
    label: 'Retry the failed',
    means:
      'Hosts that failed wait for their turn again; those whose files moved on are left out, and the change goes on.',
  },
  accept: {
    label: 'Accept this host',
    means:
      'The host is confirmed although a check could not be asked; it says so when it has taken the change back already.',
  },
  skip: { label: 'Skip this host', means: 'It stays as it is, no longer waits, and does not count as failed.' },
  'hand-over': {
    label: 'Hand over',
    means: 'The console that drives the change lets go of it; another takes it over from where it stands.',
  },
  'take-over': { label: 'Take over', means: 'Drives the change from this console, from where it stands.' },
};
