import type { KeyShape } from '../schema-keys.ts';

type Row = readonly [key: string, doc: string, more?: Partial<KeyShape>];

function texts(rows: readonly Row[]): KeyShape[] {
  return rows.map(([key, doc, more]) => ({ key, type: 'string', doc, ...more }));
}

const tls = 'Path of the certificate, key or authority file on the host.';
const etcdAccess = (of: string): Row[] => [
  ['etcd_cafile', `Authority that ${of} checks etcd's certificate with. ${tls}`],
  ['etcd_certfile', `Certificate that ${of} shows to etcd. ${tls}`],
  ['etcd_keyfile', `Key that belongs to the certificate for etcd. ${tls}`],
  ['etcd_username', `Name that ${of} gives to etcd.`],
  ['etcd_password', `Password that ${of} gives to etcd; it lies readable on the host.`],
];
const flag: Partial<KeyShape> = { type: 'boolean' };
const whole: Partial<KeyShape> = { type: 'integer' };
const goDuration = /^([0-9]+(\.[0-9]+)?(ns|us|µs|ms|s|m|h))+$/;

/** Keys of `coreos.locksmith`: the daemon that lets hosts reboot one after another. */
export const locksmithKeys = texts([
  ['endpoint', 'Addresses of etcd, where the lock for reboots is kept, separated by commas.'],
  ...etcdAccess('locksmithd'),
  ['group', 'Name of the group of hosts that share one lock for reboots.'],
  [
    'window_start',
    'When reboots may begin: an optional day of three letters and a time, as "Sat 02:00".',
    { pattern: /^((?:mon|tue|wed|thu|fri|sat|sun) +)?([01]?[0-9]|2[0-3]):[0-5][0-9]$/i },
  ],
  ['window_length', 'How long reboots may begin after that, as "2h" or "1h30m".', { pattern: goDuration }],
]);

/** Keys of `coreos.flannel`: the overlay network of containers. */
export const flannelKeys = texts([
  ['etcd_endpoints', 'Addresses of etcd, where flannel keeps its leases, separated by commas.'],
  ...etcdAccess('flannel'),
  ['etcd_prefix', 'Prefix of the keys that flannel reads and writes.'],
  ['ip_masq', 'Whether traffic that leaves the overlay gets the address of the host.'],
  ['subnet_file', 'File in which flannel tells other programs its subnet.'],
  ['interface', 'Interface or address for traffic between hosts.'],
  ['public_ip', 'Address under which other hosts reach this one.'],
]);

/** Keys of `coreos.fleet`: the cluster-wide unit starter that is no longer maintained. */
export const fleetKeys = texts([
  ['agent_ttl', 'How long a host may be silent before its units move.'],
  ['authorized_keys_file', 'File of keys that may ask for tunnels.'],
  ['disable_engine', 'Leaves the placing of units to other hosts.', flag],
  ['engine_reconcile_interval', 'Seconds between two looks at what should run where.'],
  ...etcdAccess('fleet'),
  ['etcd_key_prefix', 'Prefix of the keys that fleet keeps in etcd.'],
  ['etcd_request_timeout', 'Seconds after which a request to etcd has failed.'],
  ['etcd_servers', 'Addresses of etcd, separated by commas.'],
  ['metadata', 'Words about the host, as "zone=a,disk=ssd", by which units are placed.'],
  ['public_ip', 'Address that the host is known by.'],
  ['token_limit', 'Most entries in one answer of its interface.', whole],
  ['verbosity', 'How much fleet logs.', whole],
  ['verify_units', 'Lets only signed units run.', flag],
]);

/** Keys of `coreos.etcd2`. */
export const etcd2Keys = texts([
  ['advertise_client_urls', 'Addresses that the member tells to clients.'],
  ['ca_file', 'Authority for certificates of clients.', { deprecated: 'Write trusted_ca_file.' }],
  ['cert_file', `Certificate of the member for clients. ${tls}`],
  ['client_cert_auth', 'Refuses clients that have no certificate.', flag],
  ['cors', 'Origins that browsers may ask from.'],
  ['data_dir', 'Folder of the data.'],
  ['debug', 'Logs much more.', flag],
  ['discovery', 'Address where members of a new cluster find each other.'],
  ['discovery_fallback', 'What to do when discovery fails: exit or proxy.'],
  ['discovery_srv', 'Domain whose SRV records name the members.'],
  ['discovery_proxy', 'HTTP proxy for discovery.'],
  ['election_timeout', 'Milliseconds without a leader before an election.', whole],
  ['enable_pprof', 'Serves figures for profiling.', flag],
  ['force_new_cluster', 'Begins a new cluster of one from the data that is there.', flag],
  ['heartbeat_interval', 'Milliseconds between two beats of the leader.', whole],
  ['initial_advertise_peer_urls', 'Addresses that the member tells to other members at first.'],
  ['initial_cluster', 'Names and addresses of all members at first.'],
  ['initial_cluster_state', 'Whether the cluster is new or existing.'],
  ['initial_cluster_token', 'Word that tells one cluster from another at first.'],
  ['key_file', `Key of the member's certificate for clients. ${tls}`],
  ['listen_client_urls', 'Addresses on which clients are served.'],
  ['listen_peer_urls', 'Addresses on which other members are served.'],
  ['log_package_levels', 'Log levels for single parts.'],
  ['max_snapshots', 'How many snapshots are kept.', whole],
  ['max_wals', 'How many write-ahead logs are kept.', whole],
  ['name', 'Name of the member.'],
  ['peer_ca_file', 'Authority for certificates of members.', { deprecated: 'Write peer_trusted_ca_file.' }],
  ['peer_cert_file', `Certificate of the member for other members. ${tls}`],
  ['peer_key_file', `Key of the certificate for other members. ${tls}`],
  ['peer_client_cert_auth', 'Refuses members that have no certificate.', flag],
  ['peer_trusted_ca_file', `Authority that certificates of members are checked with. ${tls}`],
  ['proxy', 'Whether it only passes requests on.', { values: ['on', 'off', 'readonly'] }],
  ['proxy_dial_timeout', 'Milliseconds for a connection that is passed on.', whole],
  ['proxy_failure_wait', 'Milliseconds that a failed member is left alone.', whole],
  ['proxy_read_timeout', 'Milliseconds for an answer that is passed on.', whole],
  ['proxy_refresh_interval', 'Milliseconds between two looks at who is a member.', whole],
  ['proxy_write_timeout', 'Milliseconds for a request that is passed on.', whole],
  ['snapshot_count', 'Writes after which a snapshot is made.', whole],
  ['strict_reconfig_check', 'Refuses changes of members that would lose the majority.', flag],
  ['trusted_ca_file', `Authority that certificates of clients are checked with. ${tls}`],
  ['wal_dir', 'Folder of the write-ahead log.'],
]);

const asEtcd2 = { deprecated: 'It belongs to etcd2.' };
const own = texts([
  ['addr', 'Address that the member tells to clients.'],
  ['bind_addr', 'Address on which clients are served.'],
  ['ca_file', `Authority for certificates of clients. ${tls}`],
  ['cert_file', `Certificate for clients. ${tls}`],
  ['cluster_active_size', 'How many members take part in elections.', whole],
  ['cluster_remove_delay', 'Seconds before a silent member is removed.'],
  ['cluster_sync_interval', 'Seconds between two looks at the cluster.'],
  ['cors', 'Origins that browsers may ask from.'],
  ['data_dir', 'Folder of the data.'],
  ['discovery', 'Address where members of a new cluster find each other.'],
  ['graphite_host', 'Host that figures are sent to.'],
  ['http_read_timeout', 'Seconds for a request of a client.'],
  ['http_write_timeout', 'Seconds for an answer to a client.'],
  ['key_file', `Key of the certificate for clients. ${tls}`],
  ['max_result_buffer', 'Results kept for those who watch.', whole],
  ['max_retry_attempts', 'How often joining is tried.', whole],
  ['name', 'Name of the member.'],
  ['peer_addr', 'Address that the member tells to other members.'],
  ['peer_bind_addr', 'Address on which other members are served.'],
  ['peer_ca_file', `Authority for certificates of members. ${tls}`],
  ['peer_cert_file', `Certificate for other members. ${tls}`],
  ['peer_election_timeout', 'Milliseconds without a leader before an election.', whole],
  ['peer_heartbeat_interval', 'Milliseconds between two beats of the leader.', whole],
  ['peer_key_file', `Key of the certificate for other members. ${tls}`],
  ['peers', 'Addresses of members to join, separated by commas.'],
  ['peers_file', 'File with addresses of members to join.'],
  ['retry_interval', 'Seconds between two tries to join.'],
  ['snapshot', 'Makes snapshots of the log.', flag],
  ['snapshot_count', 'Writes after which a snapshot is made.', whole],
  ['trace', 'File that a trace is written to.'],
  ['verbose', 'Logs more.', flag],
  ['very_verbose', 'Logs much more.', flag],
  ['very_very_verbose', 'Logs everything.', flag],
]);

/** Keys of `coreos.etcd`: etcd 0.4, and names of etcd2 that were taken here for a while. */
export const etcdKeys: KeyShape[] = [
  ...own,
  ...etcd2Keys.filter(({ key }) => !own.some((one) => one.key === key)).map((shape) => ({ ...shape, ...asEtcd2 })),
];
