import { EditorState } from '@codemirror/state';
import { expect, it } from 'vitest';
import { pathAbove } from './complete-yaml.ts';

const text = `#cloud-config
hostname: a
coreos:
  update:
    group: stable
  units:
    - name: a.service
      drop_ins:
        - name: 10.conf
          
write_files:
- path: /etc/a
  
`;

it.each([
  [2, 0, []],
  [5, 4, ['coreos', 'update']],
  [6, 2, ['coreos']],
  [7, 6, ['coreos', 'units']],
  [10, 10, ['coreos', 'units', 'drop_ins']],
  [13, 2, ['write_files']],
])('line %i at column %i stands below %j', (line, indent, path) => {
  expect(pathAbove(EditorState.create({ doc: text }), line, indent)).toEqual(path);
});
