import { mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ProblemError } from '#shared/contract/problem.ts';
import type { JournalItem } from '#shared/contract/streams.ts';
import { type CommandAccess, localAccess } from '#kit/command-access.ts';
import { openScopes } from '../../lib/scope.ts';
import { followJournal, type JournalFollowing } from './follow-journal.ts';

/** Waits long: the machine may be busy. */
const eventually = <T>(read: () => T) => expect.poll(read, { timeout: 10_000, interval: 10 });

/** A journalctl that notes what it was asked and then runs `script`, in which `line N` prints a line. */
const program = (script: string) => `#!/bin/sh
echo "$*" >>"$0.asked"
line() { printf '{"__CURSOR":"c%s","__REALTIME_TIMESTAMP":"1790000000000000","MESSAGE":"m%s"}\\n' "$1" "$1"; }
${script}
`;

describe('followJournal', { timeout: 30_000 }, () => {
  let folder: string;
  let access: CommandAccess;
  let items: JournalItem[];
  let ends: ProblemError[];
  let following: JournalFollowing | null;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'quarterdeck-journal-'));
    access = localAccess(() => Promise.reject(new Error('no bus')), {
      ...process.env,
      PATH: `${folder}:${process.env['PATH']}`,
    });
    items = [];
    ends = [];
    following = null;
  });
  afterEach(async () => {
    following?.close();
    await access.end();
    await rm(folder, { recursive: true });
    if (openScopes().length > 0) throw new Error(`left open: ${openScopes().join(', ')}`);
  });

  const journalctl = async (script: string) => {
    const file = join(folder, 'journalctl');
    await writeFile(`${file}.new`, program(script), { mode: 0o755 });
    await rename(`${file}.new`, file);
  };
  const follow = async (afterCursor?: string) => {
    const listeners = {
      onItem: (item: JournalItem) => items.push(item),
      onEnd: (error: ProblemError) => ends.push(error),
    };
    following = await followJournal(access, '-.mount', { ...listeners, ...(afterCursor && { afterCursor }) });
  };
  const texts = () => items.flatMap((item) => item.lines.map((line) => line.text));
  const dropped = () => items.reduce((sum, item) => sum + item.dropped, 0);

  it('gives lines as they come, a unit whose name begins with a dash included', async () => {
    await journalctl('line 1; line 2; echo "-- No entries --"; sleep 0.3; line 3; exec sleep 30');
    await follow();
    await eventually(texts).toEqual(['m1', 'm2']);
    await eventually(texts).toEqual(['m1', 'm2', 'm3']);
    expect(following?.cursor).toBe('c3');
  });

  it('says at once that the journal is open, although nothing is written', async () => {
    await journalctl('sleep 1; line 1; exec sleep 30');
    const startedAt = performance.now();
    await follow();
    await eventually(() => items).toEqual([{ lines: [], dropped: 0 }]);
    expect(performance.now() - startedAt).toBeLessThan(900);
    await eventually(texts).toEqual(['m1']);
    expect(items).toHaveLength(2);
  });

  it('tells at most 2,000 lines a second and counts the rest', async () => {
    await journalctl('i=0; while [ $i -lt 5000 ]; do i=$((i+1)); line $i; done; sleep 1.2; line last; exec sleep 30');
    const startedAt = performance.now();
    await follow();
    await eventually(texts).toContain('mlast');
    const seconds = (performance.now() - startedAt) / 1000;
    expect(texts().length + dropped()).toBe(5001);
    expect(texts().length).toBeLessThanOrEqual(2000 * (Math.floor(seconds) + 1));
    expect(items.length).toBeLessThanOrEqual(10 * seconds + 1);
  });

  it('holds back a journal that comes as fast as the line can carry', async () => {
    await journalctl('exec yes "$(line "$(printf %01000d 0)" | tr -d "\\n")"');
    const startedAt = performance.now();
    await follow();
    const bytes = () => (texts().length + dropped()) * 2070;
    await eventually(bytes).toBeGreaterThan(12 * 1024 * 1024);
    const seconds = (performance.now() - startedAt) / 1000;
    // Each second's 8 MiB, and what a pipe and one read may hold on top.
    expect(bytes()).toBeLessThan((Math.floor(seconds) + 1) * 9 * 1024 * 1024);
    expect(seconds).toBeGreaterThan(1);
  });

  it('goes on after the last line when the connection was lost', async () => {
    await journalctl('line 1; line 2; sleep 0.2; exit 255');
    await follow();
    await eventually(texts).toEqual(['m1', 'm2']);
    await journalctl('line 3; exec sleep 30');
    await eventually(texts).toEqual(['m1', 'm2', 'm3']);

    const asked = (await readFile(join(folder, 'journalctl.asked'), 'utf8')).trim().split('\n');
    expect(asked[0]).toMatch(/--unit=-\.mount -f -n 50$/);
    expect(asked[1]).toMatch(/--unit=-\.mount -f --no-tail --after-cursor=c2$/);
    expect(ends).toEqual([]);
  });

  it('begins after a given line', async () => {
    await journalctl('line 9; exec sleep 30');
    await follow("c'8");
    await eventually(texts).toEqual(['m9']);
    expect(following?.cursor).toBe('c9');
  });

  it('says why it cannot go on', async () => {
    await journalctl('echo "No journal files were opened due to insufficient permissions." >&2; exit 1');
    await follow();
    await expect
      .poll(() => ends.map((error) => error.problem))
      .toEqual([
        {
          code: 'refused',
          host: 'local',
          message:
            'the journal cannot be followed: this user may not read the system journal; members of adm or systemd-journal may',
        },
      ]);
    expect(items.every(({ lines }) => lines.length === 0)).toBe(true);
    expect(openScopes()).toEqual([]);
  });
});
