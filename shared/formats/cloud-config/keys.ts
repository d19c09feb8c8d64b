import { keysBelow, type KeyShape, type SchemaKey } from '../schema-keys.ts';
import { etcd2Keys, etcdKeys, flannelKeys, fleetKeys, locksmithKeys } from './daemon-keys.ts';

/** How content may be packed; more spellings than kinds. */
export const encodings = ['base64', 'b64', 'gz', 'gzip', 'gz+base64', 'gzip+base64', 'gz+b64', 'gzip+b64'] as const;

const sshKeys: KeyShape = {
  key: 'ssh_authorized_keys',
  type: 'strings',
  doc: 'Public SSH keys that may log in, one a line.',
};
const fetched = 'It asks another machine at boot; write the keys below ssh_authorized_keys.';

const userKeys: KeyShape[] = [
  { key: 'name', type: 'string', doc: 'Name of the account; it is required.' },
  { key: 'passwd', type: 'string', doc: 'Hash of the password, as crypt(5) has it; never the password itself.' },
  { ...sshKeys, doc: 'Public SSH keys that may log in as this account.' },
  {
    key: 'coreos_ssh_import_github',
    type: 'string',
    doc: 'Takes the keys of one GitHub account.',
    deprecated: fetched,
  },
  {
    key: 'coreos_ssh_import_github_users',
    type: 'strings',
    doc: 'Takes the keys of GitHub accounts.',
    deprecated: fetched,
  },
  { key: 'coreos_ssh_import_url', type: 'string', doc: 'Takes keys from an address.', deprecated: fetched },
  { key: 'gecos', type: 'string', doc: 'Full name or purpose of the account.' },
  { key: 'homedir', type: 'string', doc: 'Home folder; /home and the name when it is not given.', pattern: /^\// },
  { key: 'no_create_home', type: 'boolean', doc: 'Makes no home folder.' },
  { key: 'primary_group', type: 'string', doc: 'Group the account belongs to first; its own when it is not given.' },
  { key: 'groups', type: 'strings', doc: 'Further groups the account belongs to.' },
  { key: 'no_user_group', type: 'boolean', doc: 'Makes no group of the same name.' },
  { key: 'system', type: 'boolean', doc: 'Makes an account for a program: no home folder, a low number.' },
  { key: 'no_log_init', type: 'boolean', doc: 'Leaves the account out of the lists of last logins.' },
  { key: 'shell', type: 'string', doc: 'Program that a login starts.', pattern: /^\// },
];

const fileKeys: KeyShape[] = [
  { key: 'path', type: 'string', doc: 'Absolute path of the file; not below /usr, which is read-only.' },
  { key: 'content', type: 'string', doc: 'What the file holds, packed as "encoding" says.' },
  {
    key: 'permissions',
    type: 'string',
    doc: 'Mode in octal and in quotes, as "0644", which it also is when not given.',
    pattern: /^0?[0-7]{3,4}$/,
  },
  { key: 'owner', type: 'string', doc: 'User, or user and group, as "0:0" or "root"; root when not given.' },
  { key: 'encoding', type: 'string', doc: 'How the content is packed; not given: as it stands.', values: encodings },
];

const unitKeys: KeyShape[] = [
  {
    key: 'name',
    type: 'string',
    doc: 'Name of the unit with its suffix; .network, .netdev and .link are for networkd.',
  },
  { key: 'mask', type: 'boolean', doc: 'Makes that the unit cannot be started at all.' },
  { key: 'enable', type: 'boolean', doc: 'Has the unit started at boot, as its [Install] section says.' },
  { key: 'runtime', type: 'boolean', doc: 'Writes the unit below /run, where each boot writes it again.' },
  { key: 'content', type: 'string', doc: 'The whole unit file.' },
  {
    key: 'command',
    type: 'string',
    doc: 'What is done with the unit after all are written.',
    values: ['start', 'stop', 'restart', 'reload', 'try-restart', 'reload-or-restart', 'reload-or-try-restart'],
  },
  {
    key: 'drop_ins',
    type: 'maps',
    doc: 'Files that add to the unit, or change it, without replacing it.',
    keys: [
      { key: 'name', type: 'string', doc: 'Name of the file, which ends in .conf; they are read in this order.' },
      { key: 'content', type: 'string', doc: 'Sections and directives that are added.' },
    ],
  },
];

const coreosKeys: KeyShape[] = [
  { key: 'units', type: 'maps', doc: 'Systemd units and networkd files.', keys: unitKeys },
  {
    key: 'update',
    type: 'map',
    doc: 'Where updates come from, and how hosts reboot into them.',
    keys: [
      {
        key: 'reboot_strategy',
        type: 'string',
        doc: 'How a host reboots after an update: with the lock in etcd, at once, or not at all.',
        values: ['etcd-lock', 'reboot', 'off'],
      },
      { key: 'group', type: 'string', doc: 'Channel or group of updates, as stable, beta or alpha.' },
      { key: 'server', type: 'string', doc: 'Address of the update server.' },
    ],
  },
  { key: 'locksmith', type: 'map', doc: 'How reboots are taken in turns, and when.', keys: locksmithKeys },
  {
    key: 'oem',
    type: 'map',
    doc: 'What /etc/oem-release says of the platform.',
    keys: [
      { key: 'id', type: 'string', doc: 'Short name of the platform.' },
      { key: 'name', type: 'string', doc: 'Name of the platform for people.' },
      { key: 'version_id', type: 'string', doc: 'Version of the platform image.' },
      { key: 'home_url', type: 'string', doc: 'Address of the platform.' },
      { key: 'bug_report_url', type: 'string', doc: 'Address where faults are reported.' },
    ],
  },
  { key: 'flannel', type: 'map', doc: 'The overlay network of containers.', keys: flannelKeys },
  {
    key: 'fleet',
    type: 'map',
    doc: 'The cluster-wide unit starter.',
    keys: fleetKeys,
    deprecated: 'fleet is no longer maintained; use units.',
  },
  {
    key: 'etcd2',
    type: 'map',
    doc: 'etcd 2 on the host.',
    keys: etcd2Keys,
    deprecated: 'etcd2 is no longer shipped; use a unit.',
  },
  {
    key: 'etcd',
    type: 'map',
    doc: 'etcd 0.4 on the host.',
    keys: etcdKeys,
    deprecated: 'etcd 0.4 is no longer shipped; use a unit.',
  },
];

/** Everything that coreos-cloudinit reads. */
export const cloudConfigKeys: readonly KeyShape[] = [
  { key: 'hostname', type: 'string', doc: 'Name of the host.' },
  { ...sshKeys, doc: 'Public SSH keys that may log in as the account core.' },
  {
    key: 'users',
    type: 'maps',
    doc: 'Accounts to make; of those that exist only keys and password are set.',
    keys: userKeys,
  },
  { key: 'write_files', type: 'maps', doc: 'Files to write; folders on the way are made.', keys: fileKeys },
  {
    key: 'manage_etc_hosts',
    type: 'string',
    doc: 'Writes /etc/hosts so that the name of the host is found.',
    values: ['localhost'],
  },
  { key: 'coreos', type: 'map', doc: 'Units, updates and the daemons of CoreOS.', keys: coreosKeys },
];

/** The keys that may stand at a path of a cloud-config, as `['coreos', 'units']`; none where no key may stand. */
export function keysAt(path: readonly string[]): SchemaKey[] {
  return keysBelow(cloudConfigKeys, path);
}
