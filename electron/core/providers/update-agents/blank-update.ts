import type { HostUpdate } from '#shared/contract/update.ts';

/** An update section of which nothing is known yet but who tells it. */
export function blankUpdate(agent: HostUpdate['agent'], readAt: number): HostUpdate {
  return {
    readAt,
    agent,
    agentState: 'missing',
    how: 'files',
    phase: 'unknown',
    phaseText: '',
    progress: null,
    running: '',
    offered: null,
    channel: null,
    channelSource: '',
    server: null,
    lastCheckAt: null,
    rebootNeeded: false,
    heldBy: [],
    strategy: { name: 'unknown', text: '', source: '' },
    windows: [],
    slots: [],
    pending: null,
    facts: [],
    problem: null,
  };
}
