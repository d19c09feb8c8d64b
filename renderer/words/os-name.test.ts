import { describe, expect, it } from 'vitest';
import { shortOsName } from './os-name.ts';

describe('shortOsName', () => {
  it.each([
    ['Debian GNU/Linux 12 (bookworm)', 'Debian 12'],
    ['Flatcar Container Linux by Kinvolk 4230.2.0 (Oklo)', 'Flatcar 4230.2.0'],
    ['Fedora CoreOS 42.20250705.3.0', 'Fedora CoreOS 42.20250705.3.0'],
    ['Ubuntu 24.04.2 LTS', 'Ubuntu 24.04.2 LTS'],
    ['Arch Linux', 'Arch Linux'],
    ['', ''],
  ])('%s is %s', (pretty, short) => expect(shortOsName(pretty)).toBe(short));
});
