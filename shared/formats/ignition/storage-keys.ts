import type { ProvisionKey } from './provision-key.ts';

const header: ProvisionKey[] = [
  { key: 'name', type: 'string', doc: 'Name of the header.' },
  { key: 'value', type: 'string', doc: 'What the header says.' },
];

/** Keys of something that is fetched, or stands in the text: `of` says what. */
export function resourceKeys(of: string, more: { inlineSince?: number; packedSince?: number } = {}): ProvisionKey[] {
  const { inlineSince = 0, packedSince = 0 } = more;
  return [
    { key: 'inline', type: 'string', doc: `The text of ${of} itself.`, only: 'butane', since: inlineSince },
    {
      key: 'local',
      type: 'string',
      doc: `A file with ${of}, below the folder given to Butane.`,
      only: 'butane',
      since: 1,
    },
    { key: 'source', type: 'string', doc: `Address of ${of}: data:, http, https, tftp, s3 or gs.` },
    { key: 'compression', type: 'string', doc: `How ${of} is packed.`, values: ['gzip'], since: packedSince },
    { key: 'http_headers', type: 'maps', doc: 'Headers of the request.', since: 1, keys: header },
    {
      key: 'verification',
      type: 'map',
      doc: `How ${of} is checked after it was fetched.`,
      keys: [
        {
          key: 'hash',
          type: 'string',
          doc: 'Kind and hash, as sha512- or sha256- and hexadecimal digits.',
          pattern: /^(sha512-[0-9a-f]{128}|sha256-[0-9a-f]{64})$/i,
        },
      ],
    },
  ];
}

const owner = (of: string): ProvisionKey[] => [
  {
    key: 'user',
    type: 'map',
    doc: `Owner of ${of}; root when not given.`,
    keys: [
      { key: 'id', type: 'integer', doc: 'Number of the user.' },
      { key: 'name', type: 'string', doc: 'Name of the user.' },
    ],
  },
  {
    key: 'group',
    type: 'map',
    doc: `Group of ${of}; root when not given.`,
    keys: [
      { key: 'id', type: 'integer', doc: 'Number of the group.' },
      { key: 'name', type: 'string', doc: 'Name of the group.' },
    ],
  },
];

const node = (of: string): ProvisionKey[] => [
  { key: 'path', type: 'string', doc: `Absolute path of ${of}.` },
  { key: 'overwrite', type: 'boolean', doc: 'Whether something else at the path is replaced.' },
  { key: 'filesystem', type: 'string', doc: 'Name of the file system it lies on; "root" for all of /.', only: 'two' },
  ...owner(of),
];

const file: ProvisionKey[] = [
  ...node('the file'),
  { key: 'contents', type: 'map', doc: 'What the file holds.', keys: resourceKeys('the file') },
  { key: 'append', type: 'maps', doc: 'What is added to the end of the file.', keys: resourceKeys('the fragment') },
  {
    key: 'mode',
    type: 'integer',
    doc: 'Permissions: octal with a leading 0 in Butane, decimal in Ignition; 0644 if not given.',
  },
];

const partition: ProvisionKey[] = [
  { key: 'label', type: 'string', doc: 'Label of the partition.' },
  { key: 'number', type: 'integer', doc: 'Its number; 0 takes the next that is free.' },
  { key: 'size_mib', type: 'integer', doc: 'Its size in MiB; 0 takes all that is free.' },
  { key: 'start_mib', type: 'integer', doc: 'Where it begins in MiB; 0 takes the largest gap.' },
  { key: 'size', type: 'integer', doc: 'Its size in sectors.', only: 'two' },
  { key: 'start', type: 'integer', doc: 'Where it begins in sectors.', only: 'two' },
  { key: 'type_guid', type: 'string', doc: 'Type of the partition.' },
  { key: 'guid', type: 'string', doc: 'Unique id of the partition.' },
  { key: 'wipe_partition_entry', type: 'boolean', doc: 'Replaces a partition that is not as it should be.' },
  { key: 'should_exist', type: 'boolean', doc: 'False removes the partition.' },
  {
    key: 'resize',
    type: 'boolean',
    doc: 'Changes the size of a partition that is otherwise as it should be.',
    since: 2,
  },
];

const luks: ProvisionKey[] = [
  { key: 'name', type: 'string', doc: 'Name of the encrypted device.' },
  { key: 'device', type: 'string', doc: 'Device that is encrypted.' },
  { key: 'key_file', type: 'map', doc: 'The key.', keys: resourceKeys('the key') },
  { key: 'label', type: 'string', doc: 'Label of the device.' },
  { key: 'uuid', type: 'string', doc: 'Unique id of the device.' },
  { key: 'options', type: 'strings', doc: 'Further words for cryptsetup luksFormat.' },
  { key: 'discard', type: 'boolean', doc: 'Passes on that blocks are free.', since: 4 },
  { key: 'open_options', type: 'strings', doc: 'Words that are kept for opening the device.', since: 4 },
  { key: 'wipe_volume', type: 'boolean', doc: 'Makes the device anew if it is there.' },
  {
    key: 'clevis',
    type: 'map',
    doc: 'How the device opens by itself.',
    not: 'flatcar',
    keys: [
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
      { key: 'tpm2', type: 'boolean', doc: 'Whether the TPM opens it.' },
      { key: 'threshold', type: 'integer', doc: 'How many ways must agree.' },
      {
        key: 'custom',
        type: 'map',
        doc: 'A pin of Clevis by its own name.',
        keys: [
          { key: 'pin', type: 'string', doc: 'Name of the pin.' },
          { key: 'config', type: 'string', doc: 'Its configuration.' },
          { key: 'needs_network', type: 'boolean', doc: 'Whether it needs the network.' },
        ],
      },
    ],
  },
  {
    key: 'cex',
    type: 'map',
    doc: 'Opening by an IBM crypto card.',
    since: 5,
    keys: [{ key: 'enabled', type: 'boolean', doc: 'Whether the card opens it.' }],
  },
];

const fileSystem: ProvisionKey[] = [
  { key: 'device', type: 'string', doc: 'Device it lies on.' },
  {
    key: 'format',
    type: 'string',
    doc: 'Kind of file system.',
    values: ['ext4', 'btrfs', 'xfs', 'vfat', 'swap', 'none'],
  },
  { key: 'path', type: 'string', doc: 'Where it is mounted while files are written.' },
  { key: 'wipe_filesystem', type: 'boolean', doc: 'Makes it anew if one is there.' },
  { key: 'label', type: 'string', doc: 'Label of the file system.' },
  { key: 'uuid', type: 'string', doc: 'Unique id of the file system.' },
  { key: 'options', type: 'strings', doc: 'Further words for mkfs.' },
  { key: 'mount_options', type: 'strings', doc: 'Options it is mounted with.', since: 1 },
  { key: 'with_mount_unit', type: 'boolean', doc: 'Writes the unit that mounts it.', only: 'butane', since: 1 },
];

/** Keys below `storage`. */
export const storageKeys: ProvisionKey[] = [
  {
    key: 'disks',
    type: 'maps',
    doc: 'Disks with their partitions; done at the first boot only.',
    keys: [
      { key: 'device', type: 'string', doc: 'Path of the disk.' },
      { key: 'wipe_table', type: 'boolean', doc: 'Removes all partitions first.' },
      { key: 'partitions', type: 'maps', doc: 'Partitions of the disk.', keys: partition },
    ],
  },
  {
    key: 'raid',
    type: 'maps',
    doc: 'Arrays of disks; done at the first boot only.',
    keys: [
      { key: 'name', type: 'string', doc: 'Name of the array.' },
      { key: 'level', type: 'string', doc: 'Level, as raid1 or linear.' },
      { key: 'devices', type: 'strings', doc: 'Devices of the array.' },
      { key: 'spares', type: 'integer', doc: 'How many of them are spare.' },
      { key: 'options', type: 'strings', doc: 'Further words for mdadm.' },
    ],
  },
  { key: 'filesystems', type: 'maps', doc: 'File systems; made at the first boot only.', keys: fileSystem },
  { key: 'files', type: 'maps', doc: 'Files with their content.', keys: file },
  {
    key: 'directories',
    type: 'maps',
    doc: 'Folders with their owner and mode.',
    keys: [...node('the folder'), { key: 'mode', type: 'integer', doc: 'Permissions; 0755 if not given.' }],
  },
  {
    key: 'links',
    type: 'maps',
    doc: 'Links to other paths.',
    keys: [
      ...node('the link'),
      { key: 'target', type: 'string', doc: 'What the link points to.' },
      { key: 'hard', type: 'boolean', doc: 'Whether it is a hard link.' },
    ],
  },
  { key: 'luks', type: 'maps', doc: 'Encrypted devices; made at the first boot only.', since: 2, keys: luks },
  {
    key: 'trees',
    type: 'maps',
    doc: 'Folders with files, below the folder given to Butane.',
    only: 'butane',
    since: 1,
    keys: [
      { key: 'local', type: 'string', doc: 'The folder.' },
      { key: 'path', type: 'string', doc: 'Where its files are written.' },
    ],
  },
];
