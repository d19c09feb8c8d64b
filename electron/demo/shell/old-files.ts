import type { CommandCall } from './command.ts';

const library = '/usr/lib/x86_64-linux-gnu/libssl.so.3';
/** The programs here that use it. */
const users: Readonly<Record<string, string>> = {
  'haproxy.service': 'haproxy',
  'nginx.service': 'nginx',
  'postgresql@17-main.service': 'postgres',
  'pgbouncer.service': 'pgbouncer',
  'chrony.service': 'chronyd',
  'ssh.service': 'sshd',
  'systemd-logind.service': 'systemd-logind',
};

/**
 * The console's look for processes that run replaced files, which on a real host is grep over /proc and a program in awk: what
 * was started before a library was replaced still has the old one. Null for any other script.
 */
export function tellOldFiles(call: CommandCall, name: string): Promise<number> | null {
  return name === 'quarterdeck-old-files' ? tell(call) : null;
}

async function tell({ host, output }: CommandCall): Promise<number> {
  const bootedS = Math.floor(host.boot.fromMs / 1000);
  const { replacedMs } = host.packages;
  const old = Object.entries(users).flatMap(([unit, program]) => {
    const state = host.systemd.get(unit);
    if (replacedMs === null || !state || state.pid === 0 || state.sinceMs > replacedMs) return [];
    const ticks = Math.max(0, Math.round((state.sinceMs + host.clockOffsetMs) / 10 - bootedS * 100));
    return [`G 1 ${ticks} 1 /system.slice/${unit} ${program}`, `F ${library}`];
  });
  const after =
    replacedMs === null || old.length === 0
      ? []
      : ['== now', `${Math.round(replacedMs / 1000)} ${library}`, '== dpkg', `libssl3t64:amd64: ${library}`];
  const lines = ['== seen', 'root=yes', 'all=yes', 'tick=100', `booted=${bootedS}`, 'init=/init.scope', '== old'];
  await output.write(`${[...lines, ...old, ...after, '== end'].join('\n')}\n`);
  return 0;
}
