import type { Family } from '../world/release.ts';
import type { Role } from '../world/roster.ts';

/** A unit that writes to the journal by itself: how often, and what. `{…}` in a line is filled anew each time. */
export interface Chatter {
  readonly unit: string;
  readonly identifier: string;
  readonly everyS: number;
  readonly lines: readonly string[];
}

const chatter = (unit: string, identifier: string, everyS: number, ...lines: string[]): Chatter => ({
  unit,
  identifier,
  everyS,
  lines,
});

const common = [
  chatter(
    'systemd-logind.service',
    'systemd-logind',
    1900,
    'New session {n} of user core.',
    'Session {n} logged out. Waiting for processes to exit.',
    'Removed session {n}.',
  ),
  chatter(
    'systemd-journald.service',
    'systemd-journald',
    14_000,
    'Time spent on flushing to /var/log/journal is {ms}ms for {n} entries.',
  ),
  chatter(
    'node-exporter.service',
    'node_exporter',
    5200,
    'ts={iso} caller=collector.go level=debug msg="collector succeeded" name=filesystem duration_seconds=0.00{n}',
  ),
];

const byFamily: Record<Family, readonly Chatter[]> = {
  flatcar: [
    chatter(
      'sshd.service',
      'sshd',
      700,
      'Accepted publickey for core from 10.20.0.{b} port {port} ssh2: ED25519 SHA256:{key}',
      'Connection closed by authenticating user root 10.20.0.{b} port {port} [preauth]',
    ),
    chatter(
      'update-engine.service',
      'update_engine',
      2700,
      '[INFO:update_check_scheduler.cc(74)] Next update check in {minutes}m{s}s',
      '[INFO:omaha_request_action.cc(619)] Omaha request response: no update',
      '[INFO:update_attempter.cc(499)] Updating boot flags...',
    ),
    chatter(
      'locksmithd.service',
      'locksmithd',
      7000,
      'LastCheckedTime=0 Progress=0 CurrentOperation="UPDATE_STATUS_IDLE" NewVersion=0.0.0 NewSize=0',
    ),
    chatter(
      'containerd.service',
      'containerd',
      640,
      'time="{iso}" level=info msg="shim disconnected" id={hex} namespace=moby',
      'time="{iso}" level=info msg="cleaning up dead shim" namespace=moby',
    ),
    chatter(
      'docker.service',
      'dockerd',
      900,
      'time="{iso}" level=info msg="ignoring event" container={hex} module=libcontainerd namespace=moby topic=/tasks/delete',
    ),
    chatter(
      'systemd-timesyncd.service',
      'systemd-timesyncd',
      6000,
      'Contacted time server 10.20.0.{b}:123 (ntp{d}.fleet.internal).',
    ),
    chatter('systemd-networkd.service', 'systemd-networkd', 9000, 'eth0: DHCPv4 lease renewed'),
  ],
  'fedora-coreos': [
    chatter(
      'sshd.service',
      'sshd-session',
      700,
      'Accepted publickey for core from 10.20.0.{b} port {port} ssh2: ED25519 SHA256:{key}',
    ),
    chatter(
      'zincati.service',
      'zincati',
      1800,
      '[INFO  zincati::update_agent::actor] no update available, next check in {minutes} minutes',
      '[INFO  zincati::cincinnati] target release not found in update graph',
    ),
    chatter(
      'rpm-ostreed.service',
      'rpm-ostree',
      3600,
      'In idle state; will auto-exit in {s} seconds',
      'client(id:cli dbus:1.{n} unit:zincati.service uid:996) added; new total=1',
    ),
    chatter(
      'chronyd.service',
      'chronyd',
      5000,
      'Selected source 10.20.0.{b} (ntp{d}.fleet.internal)',
      'System clock wrong by 0.000{n} seconds',
    ),
    chatter(
      'NetworkManager.service',
      'NetworkManager',
      9000,
      '<info>  [{n}.4021] dhcp4 (eth0): state changed new lease, address=10.21.0.{b}',
    ),
    chatter('auditd.service', 'auditd', 20_000, 'Audit daemon rotating log files'),
  ],
  debian: [
    chatter(
      'ssh.service',
      'sshd',
      700,
      'Accepted publickey for core from 10.20.0.{b} port {port} ssh2: ED25519 SHA256:{key}',
      'Received disconnect from 10.20.0.{b} port {port}:11: disconnected by user',
    ),
    chatter(
      'cron.service',
      'CRON',
      600,
      '(root) CMD (command -v debian-sa1 > /dev/null && debian-sa1 1 1)',
      '(root) CMD (   cd / && run-parts --report /etc/cron.hourly)',
    ),
    chatter('chrony.service', 'chronyd', 5000, 'Selected source 10.20.0.{b} (ntp{d}.fleet.internal)'),
    chatter(
      'unattended-upgrades.service',
      'unattended-upgrade',
      40_000,
      'No packages found that can be upgraded unattended and no pending auto-removals',
    ),
    chatter('rsyslog.service', 'rsyslogd', 43_000, '[origin software="rsyslogd" x-pid="{n}"] rsyslogd was HUPed'),
  ],
};

const byRole: Record<Role, readonly Chatter[]> = {
  etcd: [
    chatter(
      'etcd-member.service',
      'etcd',
      41,
      '{"level":"info","ts":"{iso}","caller":"mvcc/index.go:214","msg":"compact tree index","revision":{big}}',
      '{"level":"info","ts":"{iso}","caller":"mvcc/kvstore_compaction.go:66","msg":"finished scheduled compaction","compact-revision":{big},"took":"{ms}ms"}',
      '{"level":"warn","ts":"{iso}","caller":"etcdserver/util.go:170","msg":"apply request took too long","took":"1{ms}ms","expected-duration":"100ms"}',
    ),
  ],
  lb: [
    chatter(
      'haproxy.service',
      'haproxy',
      3,
      '10.9.{d}.{b}:{port} [{clf}] https~ web/web-a{d} 0/0/1/{ms}/{ms} 200 {n} - - ---- 412/398/31/9/0 0/0 "GET /product/{n} HTTP/2.0"',
      '10.9.{d}.{b}:{port} [{clf}] https~ web/web-b{d} 0/0/0/{ms}/{ms} 304 211 - - ---- 409/391/28/7/0 0/0 "GET /assets/app.{hex8}.js HTTP/2.0"',
    ),
    chatter(
      'keepalived.service',
      'Keepalived_vrrp',
      8000,
      '(VI_1) Received advert from 10.21.0.{b} with lower priority 90, ours 100',
    ),
  ],
  web: [
    chatter(
      'nginx.service',
      'nginx',
      4,
      '10.21.0.13 - - [{clf}] "GET /product/{n} HTTP/1.1" 200 {port} "-" "Mozilla/5.0"',
      '10.21.0.13 - - [{clf}] "POST /cart HTTP/1.1" 303 0 "-" "Mozilla/5.0"',
      '10.21.0.13 - - [{clf}] "GET /healthz HTTP/1.1" 200 2 "-" "haproxy"',
    ),
    chatter(
      'storefront.service',
      'storefront',
      6,
      'level=info req={hex8} route=/product/:id status=200 took={ms}ms',
      'level=info req={hex8} route=/cart status=303 took={ms}ms',
      'level=warn req={hex8} msg="session cache slow" took=1{ms}ms',
    ),
    chatter(
      'session-cache.service',
      'valkey-server',
      300,
      '{n}:M * 100 changes in 300 seconds. Saving...',
      '{n}:C * DB saved on disk',
    ),
    chatter('image-resizer.service', 'image-resizer', 17, 'resized product/{n}.jpg to 480,960,1440 in {ms} ms'),
  ],
  db: [
    chatter(
      'postgresql@17-main.service',
      'postgres',
      30,
      'LOG:  checkpoint complete: wrote {n} buffers (1.2%); 0 WAL file(s) added, 0 removed, {d} recycled',
      'LOG:  automatic vacuum of table "shop.public.orders": index scans: 1',
      'LOG:  duration: {port}.{ms} ms  statement: SELECT * FROM orders WHERE customer_id = {n}',
    ),
    chatter(
      'pgbouncer.service',
      'pgbouncer',
      60,
      'LOG stats: {n} xacts/s, {port} queries/s, in 902114 B/s, out 2210553 B/s, xact {ms}0 us, query {ms} us, wait 2 us',
    ),
    chatter(
      'postgres-exporter.service',
      'postgres_exporter',
      4000,
      'ts={iso} level=info msg="Established new database connection" fingerprint=localhost:5432',
    ),
  ],
  worker: [
    chatter('order-worker@1.service', 'worker', 5, 'order {big} shipped in {ms} ms', 'order {big} waits for payment'),
    chatter(
      'order-worker@2.service',
      'worker',
      5,
      'order {big} shipped in {ms} ms',
      'order {big} split into 2 parcels',
    ),
    chatter('order-worker@3.service', 'worker', 5, 'order {big} shipped in {ms} ms'),
    chatter(
      'mail-worker.service',
      'worker',
      9,
      'mail {hex8} handed to relay smtp{d}.fleet.internal',
      'mail {hex8} deferred: 451 greylisted',
    ),
    chatter('report-worker.service', 'worker', 120, 'report daily-{n} written, {port} rows'),
  ],
  build: [
    chatter(
      'buildkitd.service',
      'buildkitd',
      40,
      'time="{iso}" level=info msg="solve finished" ref={hex8} took={ms}s',
      'time="{iso}" level=warning msg="reading cache manifest failed: not found" spanID={hex8}',
    ),
    chatter('ci-runner@1.service', 'ci-runner', 60, 'job {big} succeeded in {ms}s', 'job {big} failed: exit status 1'),
    chatter('ci-runner@2.service', 'ci-runner', 60, 'job {big} succeeded in {ms}s', 'waiting for jobs'),
    chatter(
      'registry-mirror.service',
      'registry',
      25,
      'level=info msg="response completed" http.request.uri=/v2/library/debian/blobs/sha256:{hex} http.response.status=200',
    ),
  ],
};

/** What may be heard on hosts of this kind. */
export function chatterOf(family: Family, role: Role): readonly Chatter[] {
  return [...common, ...byFamily[family], ...byRole[role]];
}
