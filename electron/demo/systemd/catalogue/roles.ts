import type { Role } from '../../world/roster.ts';
import { unitKinds, type UnitKind } from '../unit-kind.ts';

/** Units of what a host is there for. */
export const roleUnits: Record<Role, readonly UnitKind[]> = {
  etcd: unitKinds(`
etcd-member.service | etcd (System Application Container) | running | enabled | /usr/bin/docker run --rm --name etcd-member --net host quay.io/coreos/etcd:v3.5.17 /usr/local/bin/etcd
etcd-backup.timer | Snapshot of etcd every hour | waiting | enabled
etcd-backup.service | Save a snapshot of etcd | dead | static | /opt/bin/etcd-backup --keep 48
etcd-defrag.timer | Defragment etcd at night | waiting | enabled
etcd-defrag.service | Defragment etcd | dead | static | /opt/bin/etcdctl defrag
node-exporter.service | Prometheus exporter for machine metrics | running | enabled | /opt/bin/node_exporter --collector.systemd
`),
  lb: unitKinds(`
haproxy.service | HAProxy Load Balancer | running | enabled | /usr/sbin/haproxy -Ws -f /etc/haproxy/haproxy.cfg -p /run/haproxy.pid
keepalived.service | Keepalive Daemon (LVS and VRRP) | running | enabled | /usr/sbin/keepalived --dont-fork
certbot.timer | Run certbot twice daily | waiting | enabled
certbot.service | Certbot | dead | static | /usr/bin/certbot -q renew
node-exporter.service | Prometheus exporter for machine metrics | running | enabled | /usr/bin/node_exporter
`),
  web: unitKinds(`
nginx.service | A high performance web server and a reverse proxy server | running | enabled | /usr/sbin/nginx -g daemon off;
storefront.service | Storefront web application | running | enabled | /opt/storefront/bin/server --port 8080
session-cache.service | Session cache (valkey) | running | enabled | /usr/bin/valkey-server /etc/valkey/session.conf
image-resizer.service | Resizer of product images | running | enabled | /opt/storefront/bin/image-resizer
asset-sync.timer | Fetch new assets every five minutes | waiting | enabled
asset-sync.service | Fetch new assets | dead | static | /opt/storefront/bin/asset-sync
node-exporter.service | Prometheus exporter for machine metrics | running | enabled | /opt/bin/node_exporter
`),
  db: unitKinds(`
postgresql.service | PostgreSQL RDBMS | exited | enabled | /bin/true
postgresql@17-main.service | PostgreSQL Cluster 17-main | running | enabled | /usr/bin/pg_ctlcluster --skip-systemctl-redirect 17-main start
pgbouncer.service | Connection pooler for PostgreSQL | running | enabled | /usr/sbin/pgbouncer /etc/pgbouncer/pgbouncer.ini
postgres-exporter.service | Prometheus exporter for PostgreSQL | running | enabled | /usr/bin/prometheus-postgres-exporter
wal-archive.timer | Ship write-ahead log every minute | waiting | enabled
wal-archive.service | Ship write-ahead log to the archive | dead | static | /usr/local/bin/wal-archive --bucket pg-archive
pg-basebackup.timer | Nightly base backup | waiting | enabled
pg-basebackup.service | Base backup of PostgreSQL | dead | static | /usr/local/bin/pg-basebackup --to /backup
backup.mount | /backup | mounted | generated
srv-postgresql.mount | /srv/postgresql | mounted | generated
`),
  worker: unitKinds(`
order-worker@1.service | Order worker 1 | running | enabled | /opt/orders/bin/worker --queue orders --slot 1
order-worker@2.service | Order worker 2 | running | enabled | /opt/orders/bin/worker --queue orders --slot 2
order-worker@3.service | Order worker 3 | running | enabled | /opt/orders/bin/worker --queue orders --slot 3
mail-worker.service | Mail worker | running | enabled | /opt/orders/bin/worker --queue mail
report-worker.service | Report worker | running | enabled | /opt/orders/bin/worker --queue reports
queue-metrics.timer | Measure queue lengths every minute | waiting | enabled
queue-metrics.service | Measure queue lengths | dead | static | /opt/orders/bin/queue-metrics
system-order\\x2dworker.slice | Slice /system/order-worker | active
var-lib-orders.mount | /var/lib/orders | mounted | generated
node-exporter.service | Prometheus exporter for machine metrics | running | enabled | /opt/bin/node_exporter
`),
  build: unitKinds(`
buildkitd.service | BuildKit daemon | running | enabled | /usr/local/bin/buildkitd --addr fd://
buildkit.socket | BuildKit socket | running | enabled
ci-runner@1.service | CI runner 1 | running | enabled | /usr/local/bin/ci-runner --slot 1
ci-runner@2.service | CI runner 2 | running | enabled | /usr/local/bin/ci-runner --slot 2
ci-runner@3.service | CI runner 3 | running | enabled | /usr/local/bin/ci-runner --slot 3
ci-runner@4.service | CI runner 4 | running | enabled | /usr/local/bin/ci-runner --slot 4
image-prune.timer | Remove old images every night | waiting | enabled
image-prune.service | Remove old images | dead | static | /usr/local/bin/image-prune --older-than 72h
registry-mirror.service | Pull-through registry mirror | running | enabled | /usr/local/bin/registry serve /etc/registry/mirror.yml
system-ci\\x2drunner.slice | Slice /system/ci-runner | active
var-lib-buildkit.mount | /var/lib/buildkit | mounted | generated
node-exporter.service | Prometheus exporter for machine metrics | running | enabled | /usr/bin/prometheus-node-exporter
`),
};
