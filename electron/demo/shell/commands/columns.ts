/** Rows as columns of equal width; `right` names the columns that stand at their right edge. */
export function columns(rows: readonly (readonly string[])[], right: readonly number[] = [], gap = ' '): string {
  const widths: number[] = [];
  for (const row of rows) for (const [at, cell] of row.entries()) widths[at] = Math.max(widths[at] ?? 0, cell.length);
  return rows
    .map((row) => {
      const cells = row.map((cell, at) => {
        const width = widths[at] ?? 0;
        return right.includes(at) ? cell.padStart(width) : cell.padEnd(width);
      });
      return `${cells.join(gap).trimEnd()}\n`;
    })
    .join('');
}

/** A size as `df -h` and `free -h` shorten it, e.g. 1.6G; `kib` in units of 1024 bytes. */
export function humanSize(kib: number, suffix = ''): string {
  const units = ['K', 'M', 'G', 'T', 'P'];
  let value = kib;
  let at = 0;
  while (value >= 1024 && at < units.length - 1) {
    value /= 1024;
    at++;
  }
  if (kib === 0) return `0${suffix && 'B'}`;
  return `${value < 10 ? (Math.ceil(value * 10) / 10).toFixed(1) : Math.ceil(value)}${units[at]}${suffix}`;
}

/** A span as systemd writes it: `2 days`, `3h 12min`, `45s`. */
export function agoWords(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const days = Math.floor(seconds / 86_400);
  const hours = Math.floor(seconds / 3600) % 24;
  const minutes = Math.floor(seconds / 60) % 60;
  if (days >= 30) return `${Math.floor(days / 30)} month${days >= 60 ? 's' : ''} ${days % 30} days`;
  if (days > 0) return `${days} day${days > 1 ? 's' : ''}`;
  if (hours > 0) return `${hours}h ${minutes}min`;
  return minutes > 0 ? `${minutes}min ${seconds % 60}s` : `${seconds}s`;
}

const dayNames = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

/** A time as systemd writes it: `Tue 2026-07-28 10:11:12 UTC`. */
export function systemdTime(atMs: number): string {
  const at = new Date(atMs);
  return `${dayNames[at.getUTCDay()]} ${at.toISOString().slice(0, 10)} ${at.toISOString().slice(11, 19)} UTC`;
}
