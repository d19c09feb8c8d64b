import type { JournalEntry } from './simulated-journal.ts';

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** A time as syslog writes it, UTC: `Nov 03 14:02:11`. */
export function syslogTime(atMs: number): string {
  const at = new Date(atMs);
  return `${months[at.getUTCMonth()]} ${String(at.getUTCDate()).padStart(2, '0')} ${at.toISOString().slice(11, 19)}`;
}

/** An entry as journalctl prints it in one of its output modes. */
export function printEntry(
  entry: JournalEntry,
  mode: string,
  hostname: string,
  bootedMs: number,
  fields: readonly string[],
): string {
  switch (mode) {
    case 'json':
      return JSON.stringify(jsonOf(entry, hostname, bootedMs, fields));
    case 'cat':
      return entry.message;
    case 'short-iso':
      return `${new Date(entry.atUs / 1000).toISOString().slice(0, 19)}+00:00 ${rest(entry, hostname)}`;
    default:
      return `${syslogTime(entry.atUs / 1000)} ${rest(entry, hostname)}`;
  }
}

function rest(entry: JournalEntry, hostname: string): string {
  return `${hostname} ${entry.identifier}[${entry.pid}]: ${entry.message}`;
}

function jsonOf(entry: JournalEntry, hostname: string, bootedMs: number, fields: readonly string[]) {
  const all: Record<string, string> = {
    MESSAGE: entry.message,
    PRIORITY: String(entry.priority),
    SYSLOG_IDENTIFIER: entry.identifier,
    _PID: String(entry.pid),
    _UID: '0',
    _COMM: entry.identifier.slice(0, 15),
    _HOSTNAME: hostname,
    _TRANSPORT: entry.identifier === 'systemd' ? 'journal' : 'stdout',
    // What systemd says of a unit is its own entry, about the unit.
    ...(entry.identifier === 'systemd'
      ? { _SYSTEMD_UNIT: 'init.scope', UNIT: entry.unit }
      : { _SYSTEMD_UNIT: entry.unit }),
  };
  const wanted = fields.length > 0 ? Object.entries(all).filter(([key]) => fields.includes(key)) : Object.entries(all);
  return {
    __CURSOR: entry.cursor,
    __REALTIME_TIMESTAMP: String(entry.atUs),
    __MONOTONIC_TIMESTAMP: String(Math.max(0, Math.floor(entry.atUs - bootedMs * 1000))),
    _BOOT_ID: entry.bootId.replaceAll('-', ''),
    ...Object.fromEntries(wanted),
  };
}
