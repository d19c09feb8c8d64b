import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseClusterFile } from './parse.ts';

const whole = `
name: Production Berlin
colour: red
mode: operate
protected: true
etcd:
  endpoints:
    - https://10.0.0.11:2379
    - https://[fd00::1]:2379
  tls: {ca: ca.pem, cert: client.pem, key: client-key.pem, serverName: etcd.example.com}
  user: root
ssh:
  user: core
  keys: [~/.ssh/id_fleet, keys/other]
  jump: [ops@outer:2222, inner]
  port: 2200
  transport: ssh2
  agent: false
  knownHosts: known_hosts
health:
  diskAttentionPercent: 80
  silentSeconds: 7.5
hosts:
  - web1
  - ops@10.0.0.12:2222
  - "[fd00::7]:23"
  - node[08:10].example.com
  - name: db1
    address: 10.0.0.21
    port: 2022
    user: dba
    key: ~/.ssh/db
    jump: none
    labels: {role: db, version: 1.10, empty: , on: yes}
  - address: 10.0.0.99
patterns:
  - fromSshConfig: ["web-*", "!web-old"]
    labels: {role: web}
`;

describe('parseClusterFile', () => {
  test('reads every field', () => {
    const { file, problems, broken } = parseClusterFile(whole, 'prod.yaml');
    expect({ problems, broken }).toEqual({ problems: [], broken: false });
    expect(file).toMatchObject({
      name: 'Production Berlin',
      colour: 'red',
      mode: 'operate',
      protected: true,
      etcd: {
        endpoints: ['https://10.0.0.11:2379', 'https://[fd00::1]:2379'],
        tls: { ca: 'ca.pem', cert: 'client.pem', key: 'client-key.pem', serverName: 'etcd.example.com' },
        user: 'root',
      },
      ssh: {
        user: 'core',
        keys: ['~/.ssh/id_fleet', 'keys/other'],
        jump: ['ops@outer:2222', 'inner'],
        port: 2200,
        transport: 'ssh2',
        agent: false,
        knownHosts: ['known_hosts'],
      },
      health: { diskAttentionPercent: 80, silentSeconds: 7.5 },
      patterns: [{ fromSshConfig: ['web-*', '!web-old'], labels: { role: 'web' }, line: 37 }],
    });
    expect(file.hosts.map(({ name, user, port }) => [name, user, port])).toEqual([
      ['web1', null, null],
      ['10.0.0.12', 'ops', 2222],
      ['fd00::7', null, 23],
      ['node08.example.com', null, null],
      ['node09.example.com', null, null],
      ['node10.example.com', null, null],
      ['db1', 'dba', 2022],
      ['10.0.0.99', null, null],
    ]);
    expect(file.hosts[6]).toEqual({
      name: 'db1',
      address: '10.0.0.21',
      port: 2022,
      user: 'dba',
      keys: ['~/.ssh/db'],
      jump: [],
      labels: { role: 'db', version: '1.10', empty: '', on: 'yes' },
      line: 28,
    });
  });

  test('an empty file is a cluster without hosts, in observe mode', () => {
    const { file, problems } = parseClusterFile('', 'x.yaml');
    expect(problems).toEqual([]);
    expect(file).toMatchObject({ name: '', mode: 'observe', protected: false, hosts: [], etcd: null });
  });

  test('every problem has its place and says what to write; the rest stays', () => {
    const text = [
      'name: Lab',
      'color: red',
      'mode: operat',
      'protected: maybe',
      'etcd: {endpoints: [10.0.0.1:2379, "http://10.0.0.2:2379"]}',
      'ssh: {port: 99999, usr: core, jump: "a@"}',
      'health: {diskAttentionPercent: 850, cpuAttentionPercent: 90}',
      'hosts:',
      '  - web1',
      '  - web 2',
      '  - {name: web3, port: x, labels: {role: web}}',
      '  - {nam: web4}',
      '  - web1',
      '  - web5',
    ].join('\n');
    const { file, problems, broken } = parseClusterFile(text, 'lab.yaml');
    expect(broken).toBe(false);
    expect(problems.map(({ place, message }) => `${place?.line}:${place?.column} ${message}`)).toEqual([
      '2:1 a cluster file has no field "color"',
      '3:7 mode "operat" is not a mode',
      '4:12 protected "maybe" is neither true nor false',
      '5:20 endpoints "10.0.0.1:2379" is no etcd endpoint',
      '6:13 port "99999" is not a port',
      '6:20 ssh has no field "usr"',
      '6:37 jump "a@" is no host',
      '7:32 diskAttentionPercent "850" is outside of what is possible',
      '10:5 "web 2" is no host',
      '11:24 port "x" is not a port',
      '12:5 this host has no usable name',
      '12:6 a host has no field "nam"',
      '13:5 the host "web1" is already on line 9',
    ]);
    expect(problems.every(({ hint, place }) => hint !== undefined && place?.file === 'lab.yaml')).toBe(true);
    expect(problems[0]?.hint).toContain('Did you mean "colour"?');
    expect(problems[7]?.hint).toBe('Write a number, 1 to 100, as "diskAttentionPercent: 1"');
    expect(file).toMatchObject({ name: 'Lab', mode: 'observe', protected: true, health: { cpuAttentionPercent: 90 } });
    expect(file.etcd?.endpoints).toEqual(['http://10.0.0.2:2379']);
    expect(file.hosts.map(({ name }) => name)).toEqual(['web1', 'web3', 'web5']);
    expect(file.hosts[1]).toMatchObject({ port: null, labels: { role: 'web' } });
  });

  test('attention above failing is told where it stands, also against a default', () => {
    const { file, problems } = parseClusterFile(
      'health:\n  diskFailingPercent: 80\n  memoryFailingPercent: 50\n  memoryAttentionPercent: 60\n',
      'f.yaml',
    );
    expect(problems.map(({ place, message }) => `${place?.line} ${message.split(':')[0]}`)).toEqual([
      '2 diskAttentionPercent 85 is above diskFailingPercent 80',
      '4 memoryAttentionPercent 60 is above memoryFailingPercent 50',
    ]);
    expect(file.health).toEqual({ diskFailingPercent: 80, memoryFailingPercent: 50, memoryAttentionPercent: 60 });
  });

  test('labels stand behind a name as they do in a pasted list', () => {
    const text =
      'hosts:\n  - web1 role=web zone=a\n  - n[1:2] zone=b\n  - a x=\n  - b token=hunter2\n  - c d=1 hunter2\n  - password=hunter2\n';
    const { file, problems, secret } = parseClusterFile(text, 'f.yaml');
    expect(file.hosts.map(({ name, labels }) => [name, labels])).toEqual([
      ['web1', { role: 'web', zone: 'a' }],
      ['n1', { zone: 'b' }],
      ['n2', { zone: 'b' }],
      ['a', {}],
      ['b', {}],
    ]);
    expect(problems.map(({ place, message }) => `${place?.line} ${message}`)).toEqual([
      '4 the label "x" has no value',
      '5 "token" would hold a secret, and a cluster file may be shared',
      '6 "c d=… hunter2" is no host',
      '7 "password=…" is no host',
    ]);
    expect(secret?.place?.line).toBe(5);
  });

  test('a secret is an error that names its line and never its value', () => {
    const text = [
      'name: x',
      'ssh:',
      '  password: hunter2hunter2',
      '  key: |',
      '    -----BEGIN OPENSSH PRIVATE KEY-----',
      '    hunter2hunter2',
      'etcd:',
      '  endpoints: ["https://root:hunter2hunter2@10.0.0.1:2379"]',
      'hosts:',
      '  - {name: a, sudoPassword: hunter2hunter2, labels: {api-token: hunter2hunter2, role: db}}',
      '  - root:hunter2hunter2@10.0.0.1',
    ].join('\n');
    const { file, problems } = parseClusterFile(text, 'f.yaml');
    const lines = problems.filter(({ message }) => /secret|private key|holds a password/.test(message));
    expect(lines.map(({ place }) => place?.line)).toEqual([3, 4, 8, 10, 10, 11]);
    expect(JSON.stringify([file, problems])).not.toContain('hunter2hunter2');
    expect(problems[0]?.hint).toBe('Remove the line: passwords never go here. It will be asked for when it is needed.');
    expect(file.hosts).toMatchObject([{ name: 'a', labels: { role: 'db' } }]);
  });

  test('text that is no YAML is read as far as it goes, and then nothing may be changed', () => {
    const { file, problems, broken } = parseClusterFile('mode: operate\nhosts:\n  - web1\n - web2\n', 'f.yaml');
    expect(broken).toBe(true);
    expect(problems[0]?.place).toEqual({ file: 'f.yaml', line: 4, column: 1 });
    expect(file).toMatchObject({ mode: 'observe', protected: true });
    expect(file.hosts.map(({ name }) => name)).toContain('web1');
  });

  test('what breaks the text is said first, with what to write', () => {
    const { problems } = parseClusterFile('moed: operate\nhosts:\n\t- web1\n', 'f.yaml');
    expect(problems[0]).toMatchObject({
      message: 'a tab indents this line; YAML takes only blanks',
      hint: 'Indent with blanks, two for each level',
      place: { file: 'f.yaml', line: 3 },
    });
    expect(problems.some(({ message }) => message.includes('"moed"'))).toBe(true);
    for (const text of [
      'hosts: [a',
      'hosts:\n  - a\n - b\n',
      'name: "a',
      'name: @a',
      'name: a\n---\nname: b\n',
      'a: b: c',
    ]) {
      const [first] = parseClusterFile(text, 'f.yaml').problems;
      expect(`${text} ${first?.hint}`).toMatch(/ (Write|Give|Put|Remove) /);
    }
  });

  test('aliases are followed, keys that repeat are told', () => {
    const { file, problems } = parseClusterFile(
      'hosts:\n - {name: a, labels: &l {role: web}}\n - {name: b, labels: *l}\nname: x\nname: y\n',
      'f.yaml',
    );
    expect(file.hosts[1]?.labels).toEqual({ role: 'web' });
    expect(file.name).toBe('y');
    expect(problems.map(({ place }) => place?.line)).toEqual([5]);
  });

  test('a label cannot reach into the prototype', () => {
    const { file } = parseClusterFile('hosts:\n - {name: a, labels: {__proto__: x, constructor: y}}\n', 'f.yaml');
    expect(Object.entries(file.hosts[0]?.labels ?? {})).toEqual([
      ['__proto__', 'x'],
      ['constructor', 'y'],
    ]);
  });

  test('more than 5,000 hosts are refused, not swallowed', () => {
    const { file, problems } = parseClusterFile(
      `hosts:\n${Array.from({ length: 5002 }, (_, i) => ` - h${i}\n`).join('')}`,
      'f',
    );
    expect(file.hosts).toHaveLength(5000);
    expect(problems.map(({ message }) => message)).toEqual([
      'a cluster holds at most 5000 hosts; the rest is left out',
    ]);
  });

  test('any text gives a cluster and placed problems, never an error', () => {
    const noise = fc.oneof(
      fc.constantFrom(
        'name',
        'hosts',
        'ssh',
        'etcd',
        'labels',
        'jump',
        'patterns',
        'health',
        'web[1:',
        '!!map',
        '&a',
        '*a',
      ),
      fc.constantFrom(
        ': ',
        ':',
        '\n',
        '\n  ',
        '\n- ',
        '  - ',
        '{',
        '}',
        '[',
        ']',
        ', ',
        '"',
        "'",
        '|',
        '>',
        '#',
        '?',
        '\t',
        '---',
      ),
      fc.string({ unit: 'binary', maxLength: 5 }),
    );
    fc.assert(
      fc.property(fc.array(noise, { maxLength: 60 }), (parts) => {
        const { file, problems } = parseClusterFile(parts.join(''), 'f.yaml');
        expect(
          problems.every(({ place }) => place === undefined || (place.line >= 1 && (place.column ?? 0) >= 1)),
        ).toBe(true);
        expect(new Set(file.hosts.map(({ name }) => name)).size).toBe(file.hosts.length);
      }),
      { seed: 4, numRuns: 1000 },
    );
  }, 60_000);

  test('cut and bent versions of a real file never throw', () => {
    fc.assert(
      fc.property(fc.nat(whole.length), fc.nat(whole.length), fc.string({ maxLength: 4 }), (from, to, inserted) => {
        const text = whole.slice(0, Math.min(from, to)) + inserted + whole.slice(Math.max(from, to));
        expect(Array.isArray(parseClusterFile(text, 'f').file.hosts)).toBe(true);
      }),
      { seed: 5, numRuns: 300 },
    );
  }, 60_000);
});
