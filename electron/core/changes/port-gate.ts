import { fail } from '#shared/contract/problem.ts';
import { cleanLine } from '#shared/lib/clean-text.ts';
import { commandLine } from '../lib/shell-quote.ts';
import type { GateAsked, GateHost } from './gates.ts';

/**
 * Connects on the host itself, to loopback and then to the host's own addresses, with whatever the host has for it. Exits
 * with 0 when it was answered, 1 when not, 3 when the host has nothing to connect with.
 */
const script = `if command -v bash >/dev/null 2>&1; then
  ask() { timeout 3 bash -c ': <"/dev/tcp/$1/$2"' bash "$1" "$2"; }
elif command -v python3 >/dev/null 2>&1; then
  ask() { timeout 5 python3 -c 'import socket, sys; socket.create_connection((sys.argv[1], int(sys.argv[2])), 3)' "$1" "$2"; }
elif command -v nc >/dev/null 2>&1; then
  ask() { timeout 3 nc "$1" "$2" </dev/null >/dev/null; }
else
  echo 'it has neither bash nor python3 nor nc to connect with'
  exit 3
fi
for at in 127.0.0.1 ::1 $(hostname -I 2>/dev/null); do
  if ask "$at" "$1" 2>/dev/null; then
    echo "answered at $at"
    exit 0
  fi
done
echo 'nothing answers'
exit 1`;

/** What was just started may need a moment before it listens. */
const tries = 6;

/** Whether a TCP port of the host answers; not known where the host cannot connect to itself. Rejects with `lost`. */
export async function askPort(port: number, { access, sleep }: Pick<GateHost, 'access' | 'sleep'>): Promise<GateAsked> {
  for (let left = tries; ; left--) {
    const words = ['/bin/sh', '-c', script, 'quarterdeck-port', String(port)];
    const result = await access.exec(commandLine(words), { timeoutMs: 60_000, maxBytes: 4096, stdin: '' });
    const said = cleanLine(new TextDecoder().decode(result.stdout), 200).trim();
    if (result.exitCode === 0) return { verdict: 'pass', text: said };
    if (result.lost) throw fail('lost', 'the connection was lost while it was asked');
    if (result.exitCode !== 1)
      return {
        verdict: 'inconclusive',
        text: said || `it could not be asked: exit ${result.exitCode ?? result.signal}`,
      };
    if (left <= 1) return { verdict: 'fail', text: said };
    await sleep(1000);
  }
}
