import { describe, expect, it } from 'vitest';
import type { ComparedFile } from '#shared/contract/change.ts';
import { defaultChecks } from '#shared/lib/change/checks.ts';
import { suggestedSteps } from '#shared/lib/change/suggest.ts';
import { matrixOf, unfolded } from './matrix.ts';
import { listedEdits, partsOf, type PendingEdits, withEdit, withoutEdit } from './pending-edits.ts';

const path = '/etc/sysctl.d/90-fleet.conf';
const none: PendingEdits = new Map();
const file = (host: string, hash: string, kind: ComparedFile['kind'] = 'file'): ComparedFile => ({
  host,
  kind,
  hash,
  mode: '644',
  owner: '0:0',
  modifiedAt: null,
  reason: null,
});
const texts = {
  a: '# ours\nvm.swappiness = 10\nkernel.panic = 5\n',
  b: 'kernel.panic = 5\nvm.swappiness = 60\nfs.x = 1\n',
};
const files = [file('n4', '', 'absent'), file('n1', 'b'), file('n2', 'a'), file('n3', 'a')];
const matrix = matrixOf(path, files, texts);

describe('the matrix', () => {
  it('folds equal files, the most first, and those without one last', () => {
    expect(matrix.columns.map(({ hosts, sign }) => [hosts, sign?.word])).toEqual([
      [['n2', 'n3'], undefined],
      [['n1'], undefined],
      [['n4'], 'no such file'],
    ]);
    expect(
      matrix.columns
        .slice(0, 1)
        .flatMap(unfolded)
        .map(({ hosts }) => hosts),
    ).toEqual([['n2'], ['n3']]);
  });
  it('knows what most say, and where all say the same', () => {
    expect(matrix.rows).toEqual([
      { key: 'vm.swappiness', usual: '10', agreeing: 2, equal: false },
      { key: 'kernel.panic', usual: '5', agreeing: 3, equal: true },
      { key: 'fs.x', usual: null, agreeing: 2, equal: false },
    ]);
  });
});

describe('edits that wait', () => {
  const edit = (edits: PendingEdits, at: number, key: string, value: string | null) => {
    const made = withEdit(path, edits, matrix.columns.slice(at, at + 1), key, value);
    return made instanceof Map ? (made as PendingEdits) : expect.fail(JSON.stringify(made));
  };
  it('are listed by value, undone each, and none where a host has the value anyway', () => {
    const both = edit(edit(none, 0, 'vm.swappiness', '20'), 1, 'vm.swappiness', '20');
    expect(listedEdits(both)).toEqual([{ key: 'vm.swappiness', value: '20', hosts: ['n2', 'n3', 'n1'] }]);
    expect(edit(both, 1, 'vm.swappiness', '60')).toEqual(edit(none, 0, 'vm.swappiness', '20'));
    expect(listedEdits(both).reduce(withoutEdit, both)).toEqual(none);
  });
  it('are refused where they cannot be written', () => {
    expect(withEdit(path, none, matrix.columns, 'vm.swappiness', 'a\nb')).toMatchObject({
      code: 'invalid-input',
      host: 'n2',
    });
  });
  it('are never applied to a text that was not read', () => {
    const edits = edit(none, 0, 'kernel.panic', '9');
    expect(partsOf(path, matrix.columns.slice(1), files, edits, [], defaultChecks)).toMatchObject({
      code: 'stale',
      host: 'n2',
    });
  });
  it('become one change whose parts are hosts with the same text, each with what was seen', () => {
    const edits = edit(edit(none, 0, 'kernel.panic', '9'), 1, 'fs.x', null);
    const parts = partsOf(path, matrix.columns, files, edits, suggestedSteps(path), defaultChecks);
    expect(
      Array.isArray(parts) &&
        parts.map(({ hosts, files: [one], actions }) => [hosts, one?.content, one?.seen, actions[0]?.unit]),
    ).toEqual([
      [['n2', 'n3'], '# ours\nvm.swappiness = 10\nkernel.panic = 9\n', { n2: 'a', n3: 'a' }, 'systemd-sysctl.service'],
      [['n1'], 'kernel.panic = 5\nvm.swappiness = 60\n', { n1: 'b' }, 'systemd-sysctl.service'],
    ]);
  });
});
