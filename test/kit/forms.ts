import type { ConfigDocument } from '#shared/contract/document.ts';
import type { FormAdd, FormEntry, FormField, ListField, ValueField } from '#shared/lib/form/form.ts';
import { readForm } from '#shared/lib/form/read-form.ts';
import type { Written } from '#shared/lib/form/written.ts';

export const key = (name: string) =>
  `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGx3bS9kb2VzIG5vdCBleGlzdCBhdCBhbGwuLi4u ${name}`;

export const butane = `# machines of rack 7
variant: flatcar
version: 1.1.0
passwd:
  users:
    # who looks after them
    - name: core   # as ever
      ssh_authorized_keys:
        - ${key('ada')}  # until June
        - "${key('ben')}"
      # nobody else
    - name: deploy
      shell: '/bin/bash'
      groups: [docker, sudo]
storage:
  files:
    - path: /etc/flatcar/update.conf
      mode: 0644
      contents:
        inline: |
          # the channel
          GROUP=stable
          REBOOT_STRATEGY="reboot"
    - path: /etc/systemd/network/10-lan.network
      contents:
        inline: |
          [Match]
          Name=eth0

          # to the lab
          [Route]
          Destination=10.9.0.0/16
          Gateway=10.0.0.1

          [Route]
          Destination=10.8.0.0/16
          Gateway=10.0.0.2
systemd:
  units:
    - name: web.service
      enabled: true
      contents: |
        [Unit]
        Description=Web # not a comment
        [Service]
        ExecStart=/usr/bin/sleep infinity
    - name: docker.service # runs all
      dropins:
        - name: 10-opts.conf
          contents: |
            [Service]
            Environment=A=1
# the end
`;
export const cloud = `#cloud-config
# ours
ssh_authorized_keys:
  - ${key('ada')}
users:
  - name: deploy # ships
    passwd: ⟦secret 0123456789ab⟧
coreos:
  update:
    # calm
    reboot_strategy: 'reboot'   # at once
  units:
    - name: 00-eth0.network
      runtime: true
      content: |
        [Match]
        Name=eth0
    - name: web.service
      command: start
`;
export const ignition = `{
  "ignition": { "version": "3.4.0" },
  "passwd": {
    "users": [
      {
        "name": "core",
        "sshAuthorizedKeys": ["${key('ada')}"]
      }
    ]
  },
  "storage": {
    "files": [
      { "path": "/etc/flatcar/update.conf", "contents": { "source": "data:,GROUP%3Dstable%0A" } }
    ]
  }
}
`;

export function documentOf(
  format: ConfigDocument['format'],
  content: string,
  path: string | null = null,
): ConfigDocument {
  const file = path === null ? null : { path, mode: null, owner: null, actions: [] };
  return { name: 'some', format, targets: '', file, content };
}
export const inButane = (content = butane) => documentOf('butane', content);
export const inCloud = (content = cloud) => documentOf('cloud-config', content);

export const entriesOf = (entries: readonly FormEntry[]): FormEntry[] =>
  entries.flatMap((entry) => [entry, ...entriesOf(entry.within().entries)]);
export const allEntries = (document: ConfigDocument) =>
  readForm(document).parts.flatMap(({ entries }) => entriesOf(entries));
export const allFields = (document: ConfigDocument): FormField[] =>
  allEntries(document).flatMap(({ fields }) => fields);

export function entry(document: ConfigDocument, title: string): FormEntry {
  const found = allEntries(document).find((one) => one.title === title);
  if (!found) throw new Error(`no entry ${title}`);
  return found;
}
export function field(document: ConfigDocument, of: string, label: string): ValueField {
  const found = entriesOf([entry(document, of)])
    .flatMap(({ fields }) => fields)
    .find((one) => one.label === label);
  if (!found || found.kind === 'list') throw new Error(`no field ${label} of ${of}`);
  return found;
}
export function list(document: ConfigDocument, of: string, label: string): ListField {
  const found = entriesOf([entry(document, of)])
    .flatMap(({ fields }) => fields)
    .find((one) => one.label === label);
  if (found?.kind !== 'list') throw new Error(`no list ${label} of ${of}`);
  return found;
}
export function add(document: ConfigDocument, label: string): FormAdd {
  const form = readForm(document);
  const found = [
    ...form.parts.flatMap(({ adds }) => adds),
    ...allEntries(document).flatMap(({ within }) => within().adds),
  ].find((one) => one.label === label);
  if (!found) throw new Error(`nothing says ${label}`);
  return found;
}
export function text(made: Written): string {
  if (typeof made !== 'string') throw new Error(made.message);
  return made;
}
/** The lines that came and went, without those that stayed. */
export function difference(before: string, after: string): { gone: string[]; come: string[] } {
  const old = before.split('\n');
  const now = after.split('\n');
  let start = 0;
  while (start < old.length && start < now.length && old[start] === now[start]) start++;
  let end = 0;
  while (end < old.length - start && end < now.length - start && old.at(-1 - end) === now.at(-1 - end)) end++;
  return { gone: old.slice(start, old.length - end), come: now.slice(start, now.length - end) };
}
