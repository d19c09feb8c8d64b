import { describe, expect, it } from 'vitest';
import { linkStates, type LinkState } from '#shared/contract/host.ts';
import type { Problem } from '#shared/contract/problem.ts';
import {
  backOffMs,
  newLink,
  settledMs,
  stepLink,
  type LinkCore,
  type LinkEffect,
  type LinkEvent,
} from './link-machine.ts';

const problem: Problem = { code: 'unreachable', message: 'no route to it' };
const around = { now: 100_000, random: 1, inView: false };
const core = (state: LinkState): LinkCore => ({
  ...newLink(0),
  state,
  reason: `was ${state}`,
  attempts: 2,
  upAt: state === 'up' || state === 'degraded' ? around.now - settledMs : null,
  retryAt: state === 'backing-off' ? 1 : null,
});

const events: Record<string, LinkEvent> = {
  start: { type: 'start' },
  disable: { type: 'disable' },
  dialing: { type: 'dialing' },
  up: { type: 'up' },
  transient: { type: 'failed', failure: 'transient', problem },
  refused: { type: 'failed', failure: 'refused', problem },
  secret: { type: 'failed', failure: 'secret', problem },
  'key-unknown': { type: 'failed', failure: 'key-unknown', problem },
  'key-changed': { type: 'failed', failure: 'key-changed', problem },
  silent: { type: 'silent', ms: 900, sshd: false },
  heard: { type: 'heard' },
  closed: { type: 'closed', problem },
  retry: { type: 'retry' },
  resolved: { type: 'resolved' },
  declined: { type: 'declined', reason: 'not given' },
  network: { type: 'network' },
};

/** State, then per event the next state and the effects; what is not named changes nothing. */
const table: Record<LinkState, Record<string, [LinkState, ...LinkEffect[]]>> = {
  idle: {
    start: ['idle', 'queue'],
    network: ['idle', 'queue'],
    dialing: ['connecting'],
    transient: ['backing-off', 'wait'],
    refused: ['needs-authentication'],
    secret: ['needs-authentication'],
    'key-unknown': ['needs-authentication'],
    'key-changed': ['blocked'],
    disable: ['disabled', 'cancel', 'hang-up'],
  },
  connecting: {
    up: ['up'],
    transient: ['backing-off', 'wait'],
    refused: ['needs-authentication'],
    secret: ['needs-authentication'],
    'key-unknown': ['needs-authentication'],
    'key-changed': ['blocked'],
    disable: ['disabled', 'cancel', 'hang-up'],
  },
  'needs-authentication': {
    start: ['needs-authentication', 'queue'],
    resolved: ['needs-authentication', 'queue'],
    declined: ['needs-authentication'],
    dialing: ['connecting'],
    transient: ['backing-off', 'wait'],
    refused: ['needs-authentication'],
    secret: ['needs-authentication'],
    'key-unknown': ['needs-authentication'],
    'key-changed': ['blocked'],
    disable: ['disabled', 'cancel', 'hang-up'],
  },
  up: { silent: ['degraded'], closed: ['lost', 'queue'], disable: ['disabled', 'cancel', 'hang-up'] },
  degraded: {
    silent: ['degraded'],
    heard: ['up'],
    closed: ['lost', 'queue'],
    disable: ['disabled', 'cancel', 'hang-up'],
  },
  lost: {
    start: ['lost', 'queue'],
    network: ['lost', 'queue'],
    dialing: ['connecting'],
    transient: ['backing-off', 'wait'],
    refused: ['needs-authentication'],
    secret: ['needs-authentication'],
    'key-unknown': ['needs-authentication'],
    'key-changed': ['blocked'],
    disable: ['disabled', 'cancel', 'hang-up'],
  },
  'backing-off': {
    start: ['backing-off', 'queue'],
    retry: ['backing-off', 'queue'],
    network: ['backing-off', 'queue'],
    dialing: ['connecting'],
    transient: ['backing-off', 'wait'],
    refused: ['needs-authentication'],
    secret: ['needs-authentication'],
    'key-unknown': ['needs-authentication'],
    'key-changed': ['blocked'],
    disable: ['disabled', 'cancel', 'hang-up'],
  },
  blocked: {
    start: ['blocked', 'queue'],
    resolved: ['blocked', 'queue'],
    declined: ['blocked'],
    dialing: ['connecting'],
    transient: ['backing-off', 'wait'],
    refused: ['needs-authentication'],
    secret: ['needs-authentication'],
    'key-unknown': ['needs-authentication'],
    'key-changed': ['blocked'],
    disable: ['disabled', 'cancel', 'hang-up'],
  },
  disabled: { start: ['idle', 'queue'] },
};

describe('stepLink', () => {
  for (const state of linkStates) {
    for (const [name, event] of Object.entries(events)) {
      const wanted = table[state][name];
      it(`${state} + ${name} → ${wanted ? wanted.join(', ') : 'nothing'}`, () => {
        const before = core(state);
        const { link, effects } = stepLink(before, event, around);
        expect([link.state, ...effects]).toEqual(wanted ?? [state]);
        expect(link.since).toBe(link.state === state ? before.since : around.now);
        expect(wanted !== undefined || link === before).toBe(true);
      });
    }
  }

  it('says why, and forgets it when up again', () => {
    const failed = stepLink(core('connecting'), events['transient'] as LinkEvent, around).link;
    expect(failed).toMatchObject({ reason: 'no route to it', problem, attempts: 3, retryAt: around.now + 4000 });
    const dialing = stepLink(failed, { type: 'dialing' }, around).link;
    expect(stepLink(dialing, { type: 'up' }, around).link).toMatchObject({ reason: '', problem: null, retryAt: null });
    const silence = (ms: number, sshd: boolean) =>
      stepLink(core('up'), { type: 'silent', ms, sshd }, around).link.reason;
    expect(silence(930, false)).toBe('No answer for 0.9 s');
    expect(silence(12_400, true)).toBe('sshd answers, but the reader of its figures has not for 12 s');
  });

  it('backs off from a connection that breaks as soon as it is up', () => {
    const young = { ...core('up'), upAt: around.now - settledMs + 1 };
    const { link, effects } = stepLink(young, { type: 'closed', problem }, around);
    expect([link.state, link.attempts, ...effects]).toEqual(['backing-off', 3, 'wait']);
  });

  it('starts the back-off afresh when the network changed', () => {
    expect(stepLink(core('backing-off'), { type: 'network' }, around).link.attempts).toBe(0);
  });
});

describe('backOffMs', () => {
  it('doubles up to a minute, less in view, and is jittered by half', () => {
    const full = (attempts: number, inView = false) => backOffMs(attempts, { random: 1, inView });
    expect([1, 2, 3, 6, 7, 50].map((attempts) => full(attempts))).toEqual([1000, 2000, 4000, 32_000, 60_000, 60_000]);
    expect([1, 4, 50].map((attempts) => full(attempts, true))).toEqual([1000, 8000, 8000]);
    expect(backOffMs(3, { random: 0, inView: false })).toBe(2000);
  });
});
