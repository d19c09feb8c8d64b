import { spawnSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Makes an empty folder whose subfolders stand for hosts that have nothing to do with each other. ext4 puts what is in them
 * far apart, where it can be told to: else each file that one host makes is looked for among all that the others removed in
 * the last five seconds, a cost that grows with the square of the hosts and that no host of its own has.
 */
export function makeUnrelatedFolders(name: string): string {
  const dir = mkdtempSync(join(tmpdir(), name));
  spawnSync('chattr', ['+T', dir], { stdio: 'ignore' });
  return dir;
}
