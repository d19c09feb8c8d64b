import { describe, expect, it } from 'vitest';
import { makeHost } from '#kit/filter-hosts.ts';
import { oldReading } from './readings.ts';

const host = makeHost('web-1');
const minute = 60_000;

describe('oldReading', () => {
  it('says nothing of what was read a short time ago', () => {
    expect(oldReading(host, 'disks', 4 * minute)).toBeNull();
    expect(oldReading({ ...host, readings: { facts: null, disks: null } }, 'facts', 4 * minute)).toBeNull();
  });

  it('tells the age and the reason from the first attempt that fails on', () => {
    const reason = 'the reading timed out after 20 s';
    const failed = { ...host, readings: { facts: null, disks: { at: 0, reason } } };
    expect(oldReading(failed, 'disks', 4 * minute)).toBe(`disks not read for 4 min: ${reason}`);
    expect(oldReading(failed, 'facts', 4 * minute)).toBeNull();
    const { disks: _disks, ...never } = failed;
    expect(oldReading(never, 'disks', 0)).toBe(`disks never read: ${reason}`);
  });

  it('tells the age alone when readings did not come for no known reason', () => {
    expect(oldReading(host, 'facts', 6 * minute)).toBe('facts not read for 6 min');
    const { disks: _disks, ...never } = host;
    expect(oldReading(never, 'disks', 6 * minute)).toBeNull();
  });

  it('leaves it to the link to say that the host is away', () => {
    const away = { ...host, ...(host.link && { link: { ...host.link, state: 'backing-off' as const } }) };
    expect(oldReading(away, 'disks', 60 * minute)).toBeNull();
  });
});
