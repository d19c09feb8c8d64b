import { expect, test } from 'vitest';
import { parseError } from './parse-error.ts';

test.each([
  ['/etc/docker/daemon.json', '{\n  "log-level": "warn"\n}\n'],
  // Kubernetes and others take several documents; a key twice is no error to most.
  ['/etc/app.yaml', 'a: 1\n---\nb: 2\nb: 3\n'],
  ['/etc/app.yml', ''],
  ['/etc/app.toml', '[a]\nb = "c"\nbig = 9223372036854775807\n'],
  ['/etc/systemd/network/10-lan.network', '[Match]\nName=en*\n[Network]\nDHCP=yes\n'],
  // A newer systemd may know it.
  ['/etc/systemd/network/10-lan.network', '[Network]\nQuiteNew=yes\n'],
  ['/etc/plain', '{'],
])('%s can be read: %j', (path, text) => {
  expect(parseError(path, text)).toBeNull();
});

test.each([
  ['/etc/docker/daemon.json', '{\n  "log-level": "warn",\n}\n', 3, /missing|double quotes/],
  ['/etc/docker/daemon.json', '{\n  // why\n}\n', 2, /no comments/],
  ['/etc/app.yaml', 'a: 1\n---\nb:\n\t- c\n', 4, /not YAML/],
  ['/etc/app.yaml', 'a: [1\nb: 2\n', 2, /not YAML/],
  ['/etc/app.toml', '[a]\nb = c\n', 2, /not TOML/],
  ['/etc/app.toml', 'a = 1\na = 2\n', 2, /not TOML/],
  ['/etc/systemd/network/10-lan.network', '[Match]\nName=en*\nnonsense\n', 3, /./],
])('%s cannot: %j, and the line is told', (path, text, line, message) => {
  expect(parseError(path, text)).toMatchObject({
    code: 'invalid-input',
    message: expect.stringMatching(message),
    place: { file: path, line },
  });
});
