import { describe, expect, it } from 'vitest';
import {
  butane,
  cloud,
  ignition,
  documentOf,
  inButane,
  inCloud,
  entriesOf,
  entry,
  field,
  list,
  add,
  text,
  difference,
} from '#kit/forms.ts';

describe('units', () => {
  it('changes a setting within a unit, within a drop-in, and in a file', () => {
    expect(difference(butane, text(field(inButane(), 'web.service', 'Description').write('Shop'))).come).toEqual([
      '        Description=Shop',
    ]);
    expect(
      difference(butane, text(list(inButane(), 'Drop-in 10-opts.conf', 'Environment').append('B=2'))).come,
    ).toEqual(['            Environment=B=2']);
    expect(difference(butane, text(field(inButane(), 'web.service', 'Restart').write('always'))).come).toEqual([
      '        Restart=always',
    ]);
    expect(field(inButane(), 'web.service', 'Restart')).toMatchObject({ hint: null, line: null });
    const unit = '[Service]\n# fast\nNice=5\n';
    const file = documentOf('file', unit, '/etc/systemd/system/a.service.d/10-nice.conf');
    expect(text(field(file, '[Service]', 'Nice').write('7'))).toBe('[Service]\n# fast\nNice=7\n');
  });

  it('adds a unit, a drop-in, its contents', () => {
    const unit = text(add(inCloud(), 'Add a unit').write('shop.service'));
    expect(difference(cloud, unit)).toEqual({ gone: [], come: ['    - name: shop.service'] });
    const filled = text(list(inCloud(unit), 'shop.service', 'ExecStart').append('/bin/shop'));
    expect(difference(unit, filled).come).toEqual([
      '      content: |',
      '        [Service]',
      '        ExecStart=/bin/shop',
    ]);
    const enabled = text(field(inCloud(filled), 'shop.service', 'Enabled').write('true'));
    expect(difference(filled, enabled).come).toEqual(['      enable: true']);
    const dropIn = entry(inCloud(), 'web.service')
      .within()
      .adds.find(({ label }) => label === 'Add a drop-in');
    expect(difference(cloud, text(dropIn?.write('10-a.conf') ?? '')).come).toEqual([
      '      drop_ins:',
      '        - name: 10-a.conf',
    ]);
  });

  it('names what a directive takes', () => {
    expect(field(inButane(), 'web.service', 'Restart').check('sometimes')).toContain('on-failure');
    expect(list(inButane(), 'web.service', 'After').check('network')).toContain('ending');
  });
});

describe('network', () => {
  it('changes, adds and removes within a file of networkd', () => {
    const dns = text(list(inButane(), '10-lan.network', 'DNS').append('10.0.0.53'));
    expect(dns).toContain('          [Network]\n          DNS=10.0.0.53\n');
    const route = text(add(inButane(), 'Add a route').write('default'));
    expect(route).toContain('          Gateway=10.0.0.2\n\n          [Route]\n          Destination=default\n');
    const second = entriesOf([entry(inButane(), '10-lan.network')]).filter(({ title }) => title === '[Route]');
    expect(second).toHaveLength(2);
    const less = text(second[0]?.remove?.write() ?? '');
    expect(less).toContain('          # to the lab\n\n          [Route]\n          Destination=10.8.0.0/16\n');
    expect(less).not.toContain('10.9.0.0');
  });

  it('adds a file in each format', () => {
    for (const document of [inButane(), inCloud(), documentOf('ignition', ignition)]) {
      const made = { ...document, content: text(add(document, 'Add a network file').write('20-x.network')) };
      expect(field(made, '20-x.network', 'Name').value).toBe('eth0');
      const other = { ...made, content: text(field(made, '20-x.network', 'DHCP').write('ipv4')) };
      expect(field(other, '20-x.network', 'DHCP').value).toBe('ipv4');
    }
  });

  it('names what an address must look like', () => {
    expect(list(inButane(), '10-lan.network', 'Address').check('10.0.0.300/24')).toContain('10.0.0.5/24');
    expect(list(inButane(), '10-lan.network', 'Address').check('2001:db8::1/64')).toBeNull();
    expect(list(inButane(), '10-lan.network', 'DNS').check('10.0.0.53:53 [2001:db8::1]:53#dns.example')).toBeNull();
    expect(list(inButane(), '10-lan.network', 'DNS').check('dns')).not.toBeNull();
  });
});
