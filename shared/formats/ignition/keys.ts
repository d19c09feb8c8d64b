import { keysBelow, type KeyShape, type SchemaKey } from '../schema-keys.ts';
import { type ProvisionKey, shapesFor, type Target } from './provision-key.ts';
import { resourceKeys, storageKeys } from './storage-keys.ts';

const config = (of: string): ProvisionKey[] => resourceKeys(of, { inlineSince: 1, packedSince: 1 });

const ignition: ProvisionKey[] = [
  { key: 'version', type: 'string', doc: 'Version of the schema, as 3.4.0.', only: 'json' },
  {
    key: 'config',
    type: 'map',
    doc: 'Other configurations that are taken in.',
    keys: [
      {
        key: 'merge',
        type: 'maps',
        doc: 'Configurations that are added to this one.',
        keys: config('the configuration'),
      },
      {
        key: 'append',
        type: 'maps',
        doc: 'Configurations that are added.',
        keys: config('the configuration'),
        only: 'two',
      },
      { key: 'replace', type: 'map', doc: 'A configuration instead of this one.', keys: config('the configuration') },
    ],
  },
  {
    key: 'timeouts',
    type: 'map',
    doc: 'How long fetching may take.',
    keys: [
      { key: 'http_response_headers', type: 'integer', doc: 'Seconds until the answer begins.' },
      { key: 'http_total', type: 'integer', doc: 'Seconds for all of it; 0 for no limit.' },
    ],
  },
  {
    key: 'security',
    type: 'map',
    doc: 'Whom fetching trusts.',
    keys: [
      {
        key: 'tls',
        type: 'map',
        doc: 'TLS while fetching.',
        keys: [
          {
            key: 'certificate_authorities',
            type: 'maps',
            doc: 'Further authorities.',
            keys: config('the certificate'),
          },
        ],
      },
    ],
  },
  {
    key: 'proxy',
    type: 'map',
    doc: 'Proxies while fetching.',
    since: 1,
    keys: [
      { key: 'http_proxy', type: 'string', doc: 'Proxy for http.' },
      { key: 'https_proxy', type: 'string', doc: 'Proxy for https.' },
      { key: 'no_proxy', type: 'strings', doc: 'Hosts that are asked directly.' },
    ],
  },
];

const dropIns: ProvisionKey = {
  key: 'dropins',
  type: 'maps',
  doc: 'Files that add to the unit, or change it, without replacing it.',
  keys: [
    { key: 'name', type: 'string', doc: 'Name of the file, which ends in .conf.' },
    { key: 'contents', type: 'string', doc: 'Sections and directives that are added.' },
    { key: 'contents_local', type: 'string', doc: 'A file with them.', only: 'butane', since: 4 },
  ],
};

const units: ProvisionKey[] = [
  { key: 'name', type: 'string', doc: 'Name of the unit with its suffix.' },
  { key: 'enabled', type: 'boolean', doc: 'Whether the unit is started at boot; not given: left as it is.' },
  {
    key: 'enable',
    type: 'boolean',
    doc: 'Whether the unit is started at boot.',
    only: 'two',
    deprecated: 'Write enabled.',
  },
  { key: 'mask', type: 'boolean', doc: 'Makes that the unit cannot be started at all.' },
  { key: 'contents', type: 'string', doc: 'The whole unit file.' },
  { key: 'contents_local', type: 'string', doc: 'A file with the unit.', only: 'butane', since: 4 },
  dropIns,
];

const users: ProvisionKey[] = [
  { key: 'name', type: 'string', doc: 'Name of the account.' },
  { key: 'password_hash', type: 'string', doc: 'Hash of the password, as crypt(5) has it.' },
  { key: 'ssh_authorized_keys', type: 'strings', doc: 'Public SSH keys that may log in as this account.' },
  {
    key: 'ssh_authorized_keys_local',
    type: 'strings',
    doc: 'Files with public SSH keys.',
    only: 'butane',
    since: 4,
  },
  { key: 'uid', type: 'integer', doc: 'Number of the account.' },
  { key: 'gecos', type: 'string', doc: 'Full name or purpose of the account.' },
  { key: 'home_dir', type: 'string', doc: 'Home folder.' },
  { key: 'no_create_home', type: 'boolean', doc: 'Makes no home folder.' },
  { key: 'primary_group', type: 'string', doc: 'Group the account belongs to first.' },
  { key: 'groups', type: 'strings', doc: 'Further groups the account belongs to.' },
  { key: 'no_user_group', type: 'boolean', doc: 'Makes no group of the same name.' },
  { key: 'no_log_init', type: 'boolean', doc: 'Leaves the account out of the lists of last logins.' },
  { key: 'shell', type: 'string', doc: 'Program that a login starts.' },
  { key: 'should_exist', type: 'boolean', doc: 'False removes the account.', since: 2 },
  { key: 'system', type: 'boolean', doc: 'Makes an account for a program.' },
];

const groups: ProvisionKey[] = [
  { key: 'name', type: 'string', doc: 'Name of the group.' },
  { key: 'gid', type: 'integer', doc: 'Number of the group.' },
  { key: 'password_hash', type: 'string', doc: 'Hash of the password of the group.' },
  { key: 'should_exist', type: 'boolean', doc: 'False removes the group.', since: 2 },
  { key: 'system', type: 'boolean', doc: 'Makes a group for a program.' },
];

const bootDevice: ProvisionKey[] = [
  { key: 'layout', type: 'string', doc: 'Layout of the disk where it is not that of x86_64.' },
  {
    key: 'luks',
    type: 'map',
    doc: 'Encrypts the root file system.',
    keys: [
      { key: 'tpm2', type: 'boolean', doc: 'Whether the TPM opens it.' },
      {
        key: 'tang',
        type: 'maps',
        doc: 'Servers that help to open it.',
        keys: [
          { key: 'url', type: 'string', doc: 'Address of the server.' },
          { key: 'thumbprint', type: 'string', doc: 'Thumbprint of its key.' },
          { key: 'advertisement', type: 'string', doc: 'Its answer, so that it need not be asked.', since: 4 },
        ],
      },
      { key: 'threshold', type: 'integer', doc: 'How many ways must agree.' },
      { key: 'discard', type: 'boolean', doc: 'Passes on that blocks are free.', since: 4 },
      { key: 'device', type: 'string', doc: 'Device of the disk, on s390x.', since: 5 },
      {
        key: 'cex',
        type: 'map',
        doc: 'Opening by an IBM crypto card.',
        since: 5,
        keys: [{ key: 'enabled', type: 'boolean', doc: 'Whether the card opens it.' }],
      },
    ],
  },
  {
    key: 'mirror',
    type: 'map',
    doc: 'Mirrors the disk.',
    keys: [{ key: 'devices', type: 'strings', doc: 'The disks.' }],
  },
];

const all: ProvisionKey[] = [
  { key: 'variant', type: 'string', doc: 'The system it is for.', only: 'butane', values: ['fcos', 'flatcar'] },
  { key: 'version', type: 'string', doc: 'Version of the schema, as 1.1.0.', only: 'butane' },
  { key: 'ignition', type: 'map', doc: 'How the first boot reads its configuration.', keys: ignition },
  { key: 'storage', type: 'map', doc: 'Disks, file systems and files.', keys: storageKeys },
  {
    key: 'systemd',
    type: 'map',
    doc: 'Systemd.',
    keys: [{ key: 'units', type: 'maps', doc: 'Units with their drop-ins.', keys: units }],
  },
  {
    key: 'networkd',
    type: 'map',
    doc: 'Files of networkd.',
    only: 'two',
    keys: [
      {
        key: 'units',
        type: 'maps',
        doc: 'Files of networkd.',
        keys: [
          { key: 'name', type: 'string', doc: 'Name of the file.' },
          { key: 'contents', type: 'string', doc: 'What the file holds.' },
          dropIns,
        ],
      },
    ],
  },
  {
    key: 'passwd',
    type: 'map',
    doc: 'Accounts and groups.',
    keys: [
      { key: 'users', type: 'maps', doc: 'Accounts.', keys: users },
      { key: 'groups', type: 'maps', doc: 'Groups.', keys: groups },
    ],
  },
  {
    key: 'kernel_arguments',
    type: 'map',
    doc: 'Arguments of the kernel.',
    since: 3,
    keys: [
      { key: 'should_exist', type: 'strings', doc: 'Arguments that must be there.' },
      { key: 'should_not_exist', type: 'strings', doc: 'Arguments that must not be there.' },
    ],
  },
  { key: 'boot_device', type: 'map', doc: 'The disk that is booted.', only: 'butane', fcosSince: 3, keys: bootDevice },
  {
    key: 'grub',
    type: 'map',
    doc: 'The boot loader.',
    only: 'butane',
    fcosSince: 5,
    keys: [
      {
        key: 'users',
        type: 'maps',
        doc: 'Who may change what is booted.',
        keys: [
          { key: 'name', type: 'string', doc: 'Name of the person.' },
          { key: 'password_hash', type: 'string', doc: 'Hash of the password, as grub2-mkpasswd-pbkdf2 has it.' },
        ],
      },
    ],
  },
];

/** All keys of a target. */
export function provisionKeys(target: Target): KeyShape[] {
  return shapesFor(all, target);
}

/** The newest Ignition that is read: 3.6. */
export const newestIgnition: Target = { spelling: 'json', major: 3, minor: 6, variant: null, own: 0 };

/** The keys that may stand at a path of an Ignition configuration. */
export function keysAt(path: readonly string[]): SchemaKey[] {
  return keysBelow(provisionKeys(newestIgnition), path);
}
