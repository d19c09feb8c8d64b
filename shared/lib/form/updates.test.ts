import { describe, expect, it } from 'vitest';
import {
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

describe('updates', () => {
  it('changes one line of an update.conf within Butane, and within Ignition', () => {
    const strategy = field(inButane(), '/etc/flatcar/update.conf', 'Restart for an update');
    expect(strategy).toMatchObject({
      value: 'reboot',
      line: butane.split('\n').findIndex((line) => line.includes('REBOOT')) + 1,
    });
    expect(difference(butane, text(strategy.write('off')))).toEqual({
      gone: ['          REBOOT_STRATEGY="reboot"'],
      come: ['          REBOOT_STRATEGY="off"'],
    });
    const json = documentOf('ignition', ignition);
    const made = text(field(json, '/etc/flatcar/update.conf', 'Channel or group').write('beta'));
    expect(field(documentOf('ignition', made), '/etc/flatcar/update.conf', 'Channel or group').value).toBe('beta');
    expect(difference(ignition, made).come).toHaveLength(1);
  });

  it('changes and adds what a cloud-config says, and an update.conf as a file', () => {
    const strategy = field(inCloud(), 'Updates and restarts', 'Restart for an update');
    expect(difference(cloud, text(strategy.write('etcd-lock'))).come).toEqual([
      "    reboot_strategy: 'etcd-lock'   # at once",
    ]);
    const start = field(inCloud(), 'Updates and restarts', 'Restart window begins');
    expect(start.check('Saturday')).toContain('HH:MM');
    expect(difference(cloud, text(start.write('Sat 02:00'))).come).toEqual([
      '  locksmith:',
      '    window_start: Sat 02:00',
    ]);
    const conf = '# ours\nGROUP=stable\n';
    const file = documentOf('file', conf, '/etc/flatcar/update.conf');
    const made = text(field(file, '/etc/flatcar/update.conf', 'Restart for an update').write('off'));
    expect(made).toBe('# ours\nGROUP=stable\nREBOOT_STRATEGY=off\n');
    expect(text(field(file, '/etc/flatcar/update.conf', 'Channel or group').write(null))).toBe('# ours\n');
  });

  it('says that half a window is none, and keeps marks of secrets out of packed text', () => {
    const path = '/etc/flatcar/update.conf';
    expect(entry(documentOf('file', 'LOCKSMITHD_REBOOT_WINDOW_START=02:00\n', path), path).note).toContain('no length');
    const packed = ignition.replace('GROUP%3Dstable%0A', 'DOWNLOAD_PASSWORD=⟦secret 0123456789ab⟧');
    expect(field(documentOf('ignition', packed), path, 'Channel or group').write('beta')).toMatchObject({
      code: 'unsupported',
    });
  });

  const toml = '# calm\n[updates]\nstrategy = "immediate" # now\n';
  const zincati = (content = toml) => documentOf('file', content, '/etc/zincati/config.d/55-updates-strategy.toml');
  it('changes a fragment of zincati, with tables and windows that come and go', () => {
    const path = zincati().file?.path ?? '';
    const strategy = text(field(zincati(), path, 'When it restarts').write('periodic'));
    expect(strategy).toBe('# calm\n[updates]\nstrategy = "periodic" # now\n');
    const one = text(add(zincati(strategy), 'Add a window').write('Sat'));
    expect(one.slice(strategy.length)).toBe(
      '\n[[updates.periodic.window]]\ndays = ["Sat"]\nstart_time = "02:00"\nlength_minutes = 60\n',
    );
    const two = text(list(zincati(one), 'Window 1', 'Days').append('Sun'));
    expect(list(zincati(two), 'Window 1', 'Days').values).toEqual(['Sat', 'Sun']);
    const zone = text(field(zincati(two), path, 'Lock server').write('http://lock.example'));
    expect(zone).toContain('\n[updates.fleet_lock]\nbase_url = "http://lock.example"\n');
    expect(text(entry(zincati(one), 'Window 1').remove?.write() ?? '')).toBe(strategy);
  });

  it('changes the simple lines of apt', () => {
    const conf =
      '// daily\nAPT::Periodic::Update-Package-Lists "1"; // lists\n/* APT::Periodic::Unattended-Upgrade "1"; */\n';
    const path = '/etc/apt/apt.conf.d/20auto-upgrades';
    const apt = documentOf('file', conf, path);
    expect(text(field(apt, path, 'Read the package lists').write('7'))).toBe(conf.replace('"1"', '"7"'));
    expect(field(apt, path, 'Upgrade by itself').value).toBeNull();
    expect(text(field(apt, path, 'Upgrade by itself').write('1'))).toBe(
      `${conf}APT::Periodic::Unattended-Upgrade "1";\n`,
    );
  });
});
