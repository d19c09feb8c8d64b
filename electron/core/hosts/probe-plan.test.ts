import { beforeEach, describe, expect, it } from 'vitest';
import { ProbePlan } from './probe-plan.ts';

const minute = 60_000;
let plan: ProbePlan;
let now: number;

/** What is read at the next times, two minutes apart, and goes well. */
function reads(times: number): string[] {
  return Array.from({ length: times }, () => {
    now += plan.everyMs;
    const probes = plan.next(now);
    for (const probe of probes) {
      if (probe === 'disks') plan.disksFailed(now);
      else plan.read(probe, now, false);
    }
    return probes.join(' ');
  });
}

beforeEach(() => {
  plan = new ProbePlan();
  now = Date.now();
  plan.read('first', now, false);
});

describe('ProbePlan', () => {
  it('reads what may change every two minutes, and all of it once an hour', () => {
    const hour = reads(30);
    expect(hour.slice(0, 29)).toEqual(Array.from({ length: 29 }, () => 'changing'));
    expect(hour[29]).toBe('all');
    expect(reads(1)).toEqual(['changing']);
  });

  it('reads all at once after an update, and after facts that could not be read', () => {
    plan.read('changing', now, true);
    expect(reads(2)).toEqual(['all', 'changing']);
    plan.factsFailed();
    expect(reads(2)).toEqual(['all', 'changing']);
  });

  it('asks disks that hang ever more seldom, and apart from the facts, until they answer', () => {
    plan.disksFailed(now);
    expect(reads(10)).toEqual([
      'facts disks',
      'facts',
      'facts disks',
      'facts',
      'facts',
      'facts',
      'facts disks',
      'facts',
      'facts',
      'facts',
    ]);
    plan.disksWorked();
    expect(reads(1)).toEqual(['changing']);
  });

  it('shows somebody who looks nothing old: fresh facts are left, old ones and hanging disks are read', () => {
    expect(plan.lookedAt(now + 4000)).toBe(false);
    expect(plan.lookedAt(now + 11 * minute)).toBe(true);
    expect(plan.next(now + 11 * minute)).toEqual(['all']);
    plan.read('all', now + 11 * minute, false);
    for (let times = 0; times < 5; times++) plan.disksFailed(now + 11 * minute);
    expect(plan.next(now + 13 * minute)).toEqual(['facts']);
    expect(plan.lookedAt(now + 14 * minute)).toBe(true);
    expect(plan.next(now + 14 * minute)).toEqual(['facts', 'disks']);
  });
});
