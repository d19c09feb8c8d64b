import { expect, test } from 'vitest';
import { pathGlob } from './path-glob.ts';

test.each([
  [
    '/etc/haproxy/*.cfg',
    ['/etc/haproxy/a.cfg', '/etc/haproxy/.cfg'],
    ['/etc/haproxy/a/b.cfg', '/etc/haproxy/a.cfg.old'],
  ],
  ['/etc/haproxy/**', ['/etc/haproxy/a', '/etc/haproxy/a/b.cfg'], ['/etc/haproxy', '/etc/haproxyd/a']],
  ['/etc/**/x.conf', ['/etc/x.conf', '/etc/a/b/x.conf'], ['/etc/ax.conf']],
  ['/etc/x.?', ['/etc/x.y'], ['/etc/xay', '/etc/x.', '/etc/x./']],
  ['/etc/a+(b)[c]$.conf', ['/etc/a+(b)[c]$.conf'], ['/etc/aab.conf']],
])('%s', (pattern, fits, others) => {
  const glob = pathGlob(pattern);
  expect(fits.filter((path) => !glob.test(path))).toEqual([]);
  expect(others.filter((path) => glob.test(path))).toEqual([]);
});
