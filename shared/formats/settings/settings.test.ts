import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readSettings, writeSetting } from './settings.ts';

const samples = {
  '/etc/systemd/system/app.service':
    '# the app\n[Unit]\nDescription=App\n\n[Service]\nExecStart=/bin/app \\\n  --a \\\n# said in between\n  --b\nEnvironment=A=1\nEnvironment=\nEnvironment=B=2\nEnvironment=C=3\nRestart = always\n\n[Install]\nWantedBy=multi-user.target\n',
  '/etc/systemd/network/10-eth.network':
    '[Match]\nName=eth0\n\n[Address]\nAddress=10.0.0.2/24\n\n[Address]\nAddress=10.0.0.3/24\n',
  '/etc/systemd/timesyncd.conf': '[Time]\nNTP=10.0.0.1\n#FallbackNTP=\n',
  '/etc/ssh/sshd_config':
    '# ours\nport 22\nPort 2222\npermitrootlogin no # never\nPermitRootLogin yes\nSubsystem sftp internal-sftp\nMatch  user deploy\n  X11Forwarding no\n',
  '/etc/sysctl.d/90-fleet.conf':
    '; ours\nnet.ipv4.ip_forward = 1\nnet/ipv4/conf/eth0.1/forwarding=1\n-kernel.panic=10\nkernel.panic=20\n',
  '/etc/flatcar/update.conf': 'GROUP=stable\nSERVER="https://up.example/v1"\n# end',
  '/etc/docker/daemon.json':
    '{\n  // why so\n  "log-driver": "journald", // the host keeps them\n  "dns": ["10.0.0.53", "10.0.0.54"],\n  "a": { "b.c": [{ "d": 1 }] },\n  "empty": {}\n}\n',
  '/etc/app/app.yaml':
    '# ours\nname: web # short\nlist:\n  - one\n  - \'two\'\nnested:\n  port: 80\n  open: yes\n  text: "true"\n  flow: {a: 1, b: [x, y]}\nempty:\nblock: |\n  line\n',
  '/etc/zincati/config.d/55.toml':
    '# ours\n[updates]\nstrategy = "periodic" # calm\n\n[[updates.periodic.window]]\ndays = [ "Sat",\n  "Sun" ]\nstart_time = "02:30"\nlength_minutes = 180\n',
  '/etc/pgbouncer/pgbouncer.ini':
    '; pool\n[databases]\napp.one = host=10.0.0.4 dbname=app\n[pgbouncer]\nlisten_port = 6432\r\n',
} as const;
const paths = Object.keys(samples) as (keyof typeof samples)[];

const valuesOf = (path: string, text: string) => Object.fromEntries(read(path, text));
const read = (path: string, text: string) =>
  new Map(readSettings(path, text).settings.map(({ key, value }) => [key, value]));

describe('reading settings', () => {
  it('reads a unit with joined lines, comments between them, and a list that is emptied', () => {
    const path = '/etc/systemd/system/app.service';
    expect(valuesOf(path, samples[path])).toEqual({
      'Unit.Description': 'App',
      'Service.ExecStart': '/bin/app --a --b',
      'Service.Environment': '\nB=2\nC=3',
      'Service.Restart': 'always',
      'Install.WantedBy': 'multi-user.target',
    });
  });
  it('numbers the sections of networkd that are several things', () => {
    const path = '/etc/systemd/network/10-eth.network';
    expect(valuesOf(path, samples[path])).toEqual({
      'Match.Name': 'eth0',
      'Address.Address': '10.0.0.2/24',
      'Address[2].Address': '10.0.0.3/24',
    });
  });
  it('takes the first of sshd, in any case, and names Match blocks', () => {
    const path = '/etc/ssh/sshd_config';
    expect(valuesOf(path, samples[path])).toEqual({
      Port: '22\n2222',
      PermitRootLogin: 'no',
      'Subsystem sftp': 'internal-sftp',
      'Match user deploy → X11Forwarding': 'no',
    });
    expect(readSettings(path, samples[path]).settings[1]).toEqual({
      key: 'PermitRootLogin',
      value: 'no',
      place: { line: 4, column: 1 },
      repeated: 2,
    });
  });
  it('takes the last of sysctl, and names with slashes as with dots', () => {
    const path = '/etc/sysctl.d/90-fleet.conf';
    expect(valuesOf(path, samples[path])).toEqual({
      'net.ipv4.ip_forward': '1',
      'net.ipv4.conf.eth0/1.forwarding': '1',
      'kernel.panic': '20',
    });
  });
  it('reads assignments without their quotes', () => {
    const path = '/etc/flatcar/update.conf';
    expect(valuesOf(path, samples[path])).toEqual({ GROUP: 'stable', SERVER: 'https://up.example/v1' });
    expect(valuesOf('/etc/os-release', "A='x y'\nexport B=1\n")).toEqual({ A: 'x y', B: '1' });
  });
  it('reads JSON, YAML and TOML by the path of each value', () => {
    expect(valuesOf('/etc/docker/daemon.json', samples['/etc/docker/daemon.json'])).toEqual({
      'log-driver': '"journald"',
      'dns[0]': '"10.0.0.53"',
      'dns[1]': '"10.0.0.54"',
      'a."b.c"[0].d': '1',
      empty: '{}',
    });
    expect(valuesOf('/etc/app/app.yaml', samples['/etc/app/app.yaml'])).toEqual({
      name: 'web',
      'list[0]': 'one',
      'list[1]': 'two',
      'nested.port': '80',
      'nested.open': 'yes',
      'nested.text': '"true"',
      'nested.flow.a': '1',
      'nested.flow.b[0]': 'x',
      'nested.flow.b[1]': 'y',
      empty: '',
      block: '"line\\n"',
    });
    expect(valuesOf('/etc/zincati/config.d/55.toml', samples['/etc/zincati/config.d/55.toml'])).toEqual({
      'updates.strategy': '"periodic"',
      'updates.periodic.window[0].days': '["Sat", "Sun"]',
      'updates.periodic.window[0].start_time': '"02:30"',
      'updates.periodic.window[0].length_minutes': '180',
    });
  });
  it('says where a broken file is broken, and which file holds no settings', () => {
    expect(readSettings('/x.json', '{\n "a": ]').problems[0]).toMatchObject({ place: { file: '/x.json', line: 2 } });
    expect(readSettings('/x.yaml', 'a: b: c').settings).toEqual([]);
    expect(readSettings('/x.toml', 'a = \n').problems[0]?.message).toContain('not TOML');
    expect(readSettings('/etc/motd', 'Hello there\n').format).toBeNull();
  });
});

describe('writing a setting', () => {
  const change = (path: keyof typeof samples, key: string, value: string | null) =>
    writeSetting(path, samples[path], key, value);
  const swapped = (path: keyof typeof samples, from: string, to: string) => {
    expect(samples[path]).toContain(from);
    return samples[path].replace(from, to);
  };

  it.each<[keyof typeof samples, string, string | null, string, string]>([
    ['/etc/systemd/system/app.service', 'Service.Restart', 'no', 'Restart = always', 'Restart = no'],
    ['/etc/systemd/system/app.service', 'Service.Environment', '\nB=2\nC=4\nD=5', 'C=3\n', 'C=4\nEnvironment=D=5\n'],
    ['/etc/systemd/system/app.service', 'Service.User', 'app', 'always\n', 'always\nUser = app\n'],
    ['/etc/systemd/system/app.service', 'Unit.Description', null, 'Description=App\n', ''],
    ['/etc/systemd/timesyncd.conf', 'Time.FallbackNTP', 'a b', 'NTP=10.0.0.1\n', 'NTP=10.0.0.1\nFallbackNTP=a b\n'],
    ['/etc/ssh/sshd_config', 'PermitRootLogin', 'prohibit-password', 'login no #', 'login prohibit-password #'],
    ['/etc/ssh/sshd_config', 'UseDNS', 'no', 'sftp internal-sftp\n', 'sftp internal-sftp\nUseDNS no\n'],
    [
      '/etc/ssh/sshd_config',
      'Match user deploy → PermitTTY',
      'no',
      'X11Forwarding no\n',
      'X11Forwarding no\n  PermitTTY no\n',
    ],
    ['/etc/sysctl.d/90-fleet.conf', 'kernel.panic', '5', 'kernel.panic=20', 'kernel.panic=5'],
    ['/etc/flatcar/update.conf', 'SERVER', 'disabled now', '"https://up.example/v1"', '"disabled now"'],
    ['/etc/docker/daemon.json', 'log-driver', '"local"', '"journald"', '"local"'],
    ['/etc/docker/daemon.json', 'dns[2]', '"10.0.0.55"', '0.54"]', '0.54", "10.0.0.55"]'],
    ['/etc/docker/daemon.json', 'a."b.c"[0].e', 'true', '"d": 1', '"d": 1, "e": true'],
    ['/etc/docker/daemon.json', 'live', 'true', '"empty": {}', '"empty": {},\n  "live": true'],
    ['/etc/docker/daemon.json', 'dns[1]', null, ', "10.0.0.54"', ''],
    ['/etc/app/app.yaml', 'name', 'api', 'name: web', 'name: api'],
    ['/etc/app/app.yaml', 'list[1]', 'three', "'two'", "'three'"],
    ['/etc/app/app.yaml', 'nested.user.name', 'x', 'b: [x, y]}\n', 'b: [x, y]}\n  user:\n    name: x\n'],
    ['/etc/app/app.yaml', 'empty', '1', 'empty:', 'empty: 1'],
    ['/etc/app/app.yaml', 'nested.port', null, '  port: 80\n', ''],
    ['/etc/zincati/config.d/55.toml', 'updates.strategy', '"fleet_lock"', '"periodic" #', '"fleet_lock" #'],
    ['/etc/zincati/config.d/55.toml', 'updates.enabled', 'true', '# calm\n', '# calm\nenabled = true\n'],
    ['/etc/zincati/config.d/55.toml', 'updates.periodic.window[0].length_minutes', '60', '180', '60'],
    ['/etc/pgbouncer/pgbouncer.ini', 'pgbouncer.pool_mode', 'session', '6432\r\n', '6432\r\npool_mode = session\n'],
  ])('%s: %s becomes %s', (path, key, value, from, to) =>
    expect(change(path, key, value)).toBe(swapped(path, from, to)),
  );

  it('says what cannot be written, and why', () => {
    expect(change('/etc/docker/daemon.json', 'log-driver', 'local')).toMatchObject({
      code: 'invalid-input',
      hint: expect.stringContaining('"local"'),
    });
    expect(change('/etc/ssh/sshd_config', 'UseDNS', '')).toMatchObject({ code: 'invalid-input' });
    expect(change('/etc/app/app.yaml', 'name', 'a: b')).toMatchObject({ code: expect.any(String) });
    expect(change('/etc/app/app.yaml', 'block', 'x')).toMatchObject({ code: 'unsupported' });
    expect(change('/etc/zincati/config.d/55.toml', 'updates.periodic.window[0].days', '["Mon"]')).toMatchObject({
      code: 'unsupported',
    });
    expect(change('/etc/systemd/system/app.service', 'Service.Restart', 'x\\')).toMatchObject({
      code: 'invalid-input',
    });
    expect(writeSetting('/etc/motd', 'Hello\n', 'a', 'b')).toMatchObject({ code: 'unsupported' });
  });

  const word = fc.stringMatching(/^[a-z][a-z0-9-]{0,12}$/);
  const quoted = (path: string, value: string) => (/json$|toml$/.test(path) ? JSON.stringify(value) : value);
  it('says after a write what was written, and all else as before', () => {
    fc.assert(
      fc.property(fc.constantFrom(...paths), fc.nat(20), word, fc.boolean(), (path, at, text, windows) => {
        const source = windows ? samples[path].replaceAll(/\r?\n/g, '\r\n') : samples[path];
        const before = valuesOf(path, source);
        const keys = Object.keys(before);
        const key = keys[at % keys.length] ?? '';
        const value = quoted(path, text);
        const written = writeSetting(path, source, key, value);
        const expected = { ...before, [key]: value };
        const kept = typeof written === 'string' ? valuesOf(path, written) : key === 'block' || key.endsWith('.days');
        expect(kept).toEqual(kept === true ? true : expected);
      }),
      { numRuns: 400 },
    );
  });
  const places: Record<string, string> = { unit: 'Service.', networkd: 'Match.', ini: 'pgbouncer.', toml: 'updates.' };
  it('leaves the text as it was when what was added is removed', () => {
    fc.assert(
      fc.property(fc.constantFrom(...paths), word, fc.boolean(), fc.boolean(), (path, text, windows, cut) => {
        const whole = windows ? samples[path].replaceAll(/\r?\n/g, '\r\n') : samples[path];
        const source = cut ? whole.trimEnd() : whole;
        const { format } = readSettings(path, source);
        const within = path.endsWith('timesyncd.conf') ? 'Time.' : (places[format ?? ''] ?? '');
        const key = format === 'sysctl' ? `kernel.x.${text}` : `${within}Zz${text.replaceAll('-', '')}`;
        const named = format === 'sshd' ? key.toLowerCase() : key;
        const added = writeSetting(path, source, named, quoted(path, 'v1')) as string;
        expect(valuesOf(path, added)).toEqual({ ...valuesOf(path, source), [named]: quoted(path, 'v1') });
        expect(writeSetting(path, added, named, null)).toBe(source);
      }),
      { numRuns: 400 },
    );
  });
});

describe('foreign texts', () => {
  const size = 262_144;
  const filled = (piece: string) => piece.repeat(Math.ceil(size / piece.length)).slice(0, size);
  const hostile = [
    '[',
    '{',
    'a: [',
    '- ',
    ' ',
    '\\\n',
    '"',
    "'",
    '# ',
    '=',
    'a=',
    '[[a]]\n',
    'a.',
    'a = """',
    '&a *a ',
    '\t',
    '\r',
    '/*',
    ',',
    '{"a":',
    '- - ',
    '? ',
  ];
  it.each(hostile)(
    'reads and writes 256 KiB of %j without harm',
    (piece) => {
      for (const path of paths) {
        const text = filled(piece);
        const { problems, settings } = readSettings(path, text);
        expect(Array.isArray(settings) && problems.length <= 21).toBe(true);
        expect(['string', 'object']).toContain(typeof writeSetting(path, text, settings[0]?.key ?? 'a.b', '1'));
      }
    },
    120_000,
  );
  it('never throws', () => {
    const soup = fc.array(
      fc.constantFrom(...hostile, 'a', 'b', ': ', '\n', '  ', 'Match ', ']', '}', '= 1', '"x"', '|\n', '>'),
      { maxLength: 40 },
    );
    fc.assert(
      fc.property(
        fc.constantFrom(...paths),
        soup,
        fc.string({ maxLength: 12 }),
        fc.string({ maxLength: 12 }),
        (path, parts, key, value) => {
          const text = parts.join('');
          const { settings } = readSettings(path, text);
          for (const wanted of [value, null, '1']) {
            const target = settings[0]?.key ?? key;
            const written = writeSetting(path, text, target, wanted);
            if (typeof written !== 'string') continue;
            expect(read(path, written).get(target) ?? null).toBe(
              wanted === null
                ? null
                : readSettings(path, text).format === 'assignments'
                  ? wanted
                  : wanted.replaceAll(/^[ \t]+|[ \t]+$/g, ''),
            );
          }
        },
      ),
      { numRuns: 1500 },
    );
  });
});
