import { describe, expect, it } from 'vitest';
import {
  key,
  butane,
  cloud,
  ignition,
  documentOf,
  inButane,
  inCloud,
  entry,
  field,
  list,
  add,
  text,
  difference,
} from '#kit/forms.ts';
import { readForm } from './read-form.ts';

describe('users', () => {
  it('shows what a Butane text says of each', () => {
    expect(list(inButane(), 'core', 'SSH keys').values).toEqual([key('ada'), key('ben')]);
    expect(list(inButane(), 'deploy', 'Groups').values).toEqual(['docker', 'sudo']);
    expect(field(inButane(), 'deploy', 'Shell')).toMatchObject({ value: '/bin/bash', line: 13 });
    expect(field(inButane(), 'deploy', 'Home').value).toBeNull();
  });

  it('adds a key below the others, comments kept', () => {
    const made = text(list(inButane(), 'core', 'SSH keys').append(key('eve')));
    expect(difference(butane, made)).toEqual({ gone: [], come: [`        - ${key('eve')}`] });
    expect(made.indexOf('- ssh')).toBeLessThan(made.indexOf('# nobody else'));
  });

  it('begins a list, adds to one in brackets, and takes the last out with its key', () => {
    const begun = text(list(inButane(), 'deploy', 'SSH keys').append(key('eve')));
    expect(difference(butane, begun).come).toEqual(['      ssh_authorized_keys:', `        - ${key('eve')}`]);
    expect(difference(butane, text(list(inButane(), 'deploy', 'Groups').append('adm'))).come).toEqual([
      '      groups: [docker, sudo, adm]',
    ]);
    expect(text(list(inButane(begun), 'deploy', 'SSH keys').change(0, null))).toBe(butane);
  });

  it('keeps the quotes of what it changes, and the comment behind it', () => {
    expect(difference(butane, text(field(inButane(), 'deploy', 'Shell').write('/bin/sh')))).toEqual({
      gone: ["      shell: '/bin/bash'"],
      come: ["      shell: '/bin/sh'"],
    });
    expect(difference(butane, text(field(inButane(), 'core', 'Name').write('ops'))).come).toEqual([
      '    - name: ops   # as ever',
    ]);
    expect(difference(butane, text(list(inButane(), 'core', 'SSH keys').change(0, key('eve')))).come).toEqual([
      `        - ${key('eve')}  # until June`,
    ]);
  });

  it('adds and removes a user', () => {
    const made = text(add(inButane(), 'Add a user').write('eve'));
    expect(difference(butane, made)).toEqual({ gone: [], come: ['    - name: eve'] });
    expect(text(entry(inButane(made), 'eve').remove?.write() ?? '')).toBe(butane);
    const less = text(entry(inButane(), 'core').remove?.write() ?? '');
    expect(less).toContain('# who looks after them\n      # nobody else\n    - name: deploy');
  });

  it('writes truth values and numbers bare, and words that look like them in quotes', () => {
    const said = text(field(inButane(), 'deploy', 'System account').write('true'));
    expect(difference(butane, said).come).toEqual(['      system: true']);
    expect(difference(butane, text(field(inButane(), 'deploy', 'User number').write('1500'))).come).toEqual([
      '      uid: 1500',
    ]);
    expect(difference(butane, text(field(inButane(), 'deploy', 'Full name').write('true'))).come).toEqual([
      '      gecos: "true"',
    ]);
  });

  it('names the rule that a value breaks', () => {
    expect(list(inButane(), 'core', 'SSH keys').check('ssh-ed25519 nonsense')).toContain('AAAA');
    expect(field(inButane(), 'core', 'Password hash').check('secret')).toContain('mkpasswd');
    expect(add(inButane(), 'Add a user').check('core')).toContain('already');
    expect(add(inButane(), 'Add a user').check('a b')).toContain('letter');
  });

  it('works in cloud-config and in Ignition too', () => {
    expect(difference(cloud, text(list(inCloud(), 'core', 'SSH keys').append(key('eve')))).come).toEqual([
      `  - ${key('eve')}`,
    ]);
    expect(field(inCloud(), 'deploy', 'Password hash')).toMatchObject({
      kind: 'secret',
      value: '⟦secret 0123456789ab⟧',
    });
    expect(difference(cloud, text(field(inCloud(), 'deploy', 'Password hash').write(null)))).toEqual({
      gone: ['    passwd: ⟦secret 0123456789ab⟧'],
      come: [],
    });
    const json = documentOf('ignition', ignition);
    const more = text(list(json, 'core', 'SSH keys').append(key('eve')));
    expect(difference(ignition, more).come).toEqual([
      `        "sshAuthorizedKeys": ["${key('ada')}", "${key('eve')}"]`,
    ]);
    const two = text(add(documentOf('ignition', more), 'Add a user').write('eve'));
    expect(JSON.parse(two)).toMatchObject({ passwd: { users: [{ name: 'core' }, { name: 'eve' }] } });
    const one = text(entry(documentOf('ignition', two), 'core').remove?.write() ?? '');
    expect(JSON.parse(one)).toMatchObject({ passwd: { users: [{ name: 'eve' }] } });
  });

  it('begins at nothing', () => {
    const made = text(add(inCloud('#cloud-config\n'), 'Add a user').write('eve'));
    expect(made).toBe('#cloud-config\nusers:\n  - name: eve\n');
    expect(text(add(inCloud('#cloud-config\nusers: [] # none\n'), 'Add a user').write('eve'))).toBe(
      '#cloud-config\nusers:  # none\n  - name: eve\n',
    );
    expect(text(add(inCloud('#cloud-config\nusers:   # none\nhostname: a'), 'Add a user').write('eve'))).toBe(
      '#cloud-config\nusers:   # none\n  - name: eve\nhostname: a',
    );
  });

  it('refuses what would change another place too', () => {
    const shared =
      'variant: flatcar\nversion: 1.1.0\npasswd:\n  users:\n    - name: a\n      groups: &g [docker]\n    - name: b\n      groups: *g\n';
    expect(list(inButane(shared), 'b', 'Groups').values).toEqual(['docker']);
    expect(list(inButane(shared), 'b', 'Groups').append('adm')).toMatchObject({ code: 'unsupported' });
    expect(list(inButane(shared), 'a', 'Groups').append('adm')).toMatchObject({ code: 'unsupported' });
  });

  it('keeps the line ends of a text, and writes between brackets', () => {
    const windows = butane.replaceAll('\n', '\r\n');
    const made = text(list(inButane(windows), 'core', 'SSH keys').append(key('eve')));
    expect(made.replace(`        - ${key('eve')}\r\n`, '')).toBe(windows);
    const flow = 'variant: flatcar\nversion: 1.1.0\npasswd: {users: [{name: a, groups: [b]}, {name: c}]} # all\n';
    expect(text(list(inButane(flow), 'c', 'Groups').append('adm'))).toBe(
      flow.replace('{name: c}', '{name: c, groups: [adm]}'),
    );
    expect(text(field(inButane(flow), 'a', 'Shell').write('/bin/sh'))).toBe(
      flow.replace('[b]}', '[b], shell: /bin/sh}'),
    );
    expect(text(entry(inButane(flow), 'a').remove?.write() ?? '')).toBe(flow.replace('{name: a, groups: [b]}, ', ''));
  });

  it('takes out the key that begins an item, where another can take its place', () => {
    const first = '#cloud-config\nusers:\n  - shell: /bin/sh\n    name: a # him\n';
    expect(text(field(inCloud(first), 'a', 'Shell').write(null))).toBe('#cloud-config\nusers:\n  - name: a # him\n');
    const commented = first.replace('    name', '    # why\n    name');
    expect(field(inCloud(commented), 'a', 'Shell').write(null)).toMatchObject({ code: 'unsupported' });
  });

  it('says at which line a text cannot be read', () => {
    const { parts, problem } = readForm(inButane('passwd:\n  users:\n   - name: [core\n'));
    expect(parts).toEqual([]);
    expect(problem?.place?.line).toBeGreaterThan(2);
  });
});
