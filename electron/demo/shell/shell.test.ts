import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { runProgram } from '#kit/machine.ts';
import { skipUnless } from '#kit/skip.ts';
import { realClock } from '../world/clock.ts';
import { openWorld } from '../world/world.ts';
import { LoginShell } from './login-shell.ts';
import { Killed } from './process.ts';
import { Gathered, nothing, textSource } from './streams.ts';

const world = openWorld({ hosts: 24, seed: 1, clock: realClock });

function begin(command: string, input = '', hostName = 'web-a1', user = 'core') {
  const host = world.hosts.find(({ spec }) => spec.name === hostName);
  if (!host) throw new Error(`there is no host ${hostName}`);
  const [output, errors] = [new Gathered(), new Gathered()];
  const process = host.processes.start({ user, command, startedMs: 0 });
  const streams = { input: input ? textSource(input) : nothing, output, errors };
  const done = process
    .until(new LoginShell(host, user).run(command, process, streams))
    .finally(() => host.processes.ended(process));
  return { host, process, output, errors, done };
}

async function run(command: string, input = '', hostName = 'web-a1', user = 'core') {
  const { output, errors, done } = begin(command, input, hostName, user);
  return { exitCode: await done, stdout: output.text, stderr: errors.text };
}

/** Texts whose output does not depend on the host: a real shell is asked too. */
const portable = [
  'echo one; echo two && echo three || echo four',
  'false && echo no; false || echo yes; ! false; echo $?',
  `x="a  b" y='$x'; echo $x "$x" "$y" \${x#a} \${x%b} \${#x} \${z:-none} \${z:+some} \${x:+some}`,
  'f=archive.tar.gz; echo ${f%.*} ${f%%.*} ${f#*.} ${f##*.}',
  'for i in 1 2 3; do [ $i -eq 2 ] && continue; echo $i; done; echo "last $i"',
  'i=0; while [ $i -lt 5 ]; do i=$((i + 1)); [ $i = 4 ] && break; echo $i; done',
  'n=0; until [ $n -ge 3 ]; do n=$((n+1)); done; echo $n $((7 / 2)) $((7 % 4 * 2)) $((1 < 2 && 3 != 3))',
  'case abc in x*) echo x;; a?c|z) echo hit;; *) echo none;; esac; case "" in "") echo empty;; esac',
  'f() { echo "f $1 $#"; return 3; }; f a b; echo $?; set -- p q; shift; echo $1 "$@"',
  'if [ -z "" ] && test 3 -gt 2; then echo then; elif true; then echo elif; else echo else; fi',
  'printf "%s-%d|%5s|%-4s|%03d\\n" a 7 b c 5; printf "%s\\n" x y z; printf "%s %%\\n" 50',
  'echo "$(echo inner "$(echo deeper)")" `echo ticks`',
  'printf "b 2\\na 1\\nb 2\\n" | sort | uniq -c | sort -rn | head -n 1 | tr -s " "',
  'printf "a:b:c\\nd:e:f\\n" | cut -d: -f2,3; printf "x1\\ny2\\n" | grep -c "[xy]"; printf "k\\n" | grep -q z; echo $?',
  'printf "one\\ntwo\\nthree\\n" | while read -r line; do echo "<$line>"; done',
  'printf " a  b c \\n" | { read -r x y; echo "[$x][$y]"; }; printf "no feed" | { read -r x; echo "$? $x"; }',
  'cat <<EOF\nhello $((1 + 1)) `echo tick`\nEOF\ncat <<"EOF"\n$plain\nEOF',
  '(x=1; exit 4); echo $? $x; { echo group; } 2>&1; echo err >&2; echo to 1>/dev/null; echo after',
  'eval "echo \\$((2 * 3))"; sh -c \'echo $0 $1 "$2"\' name one "two three"',
  'seq 3 | xargs echo n; echo a b c | wc -w | tr -d " "; printf "aXbX" | tr X y; echo',
  'printf "l1\\nl2\\nl3\\nl4\\n" | tail -n 2; printf "l1\\nl2\\n" | sed -n 2p; echo "a-b" | sed "s/-/+/"',
  'printf "u 1 9\\nv 2 8\\n" | awk "{print \\$1, \\$NF}"; printf "u 1\\nv 2\\n" | awk "NR==2{print \\$2}"',
  'exit 7',
  'nosuchcommand 2>/dev/null; echo $?',
  'x=1 sh -c true; y=2; unset y; echo "<$y>"; true; echo $?',
  'basename /usr/lib/x.service .service; dirname /usr/lib/x; set -- "a b" c; for w; do echo "<$w>"; done',
  'echo a; sleep 0; (echo sub) | cat; echo $(printf "x\\n\\n")end',
  'trap "" HUP; if ! command -v nosuchcommand >/dev/null; then echo absent; fi; command -v sh >/dev/null && echo here',
  'trap "echo end \\$?" EXIT; (echo sub); x=$(exit 3); echo $x; f() { exit 5; }; f; echo never',
  '(trap "echo end; exit 2" EXIT; exit 4); echo $?; (trap "echo no" EXIT; trap - EXIT); [ /etc -ef /etc/ ] && echo same',
  'echo "echo in; return 3; echo never" >/tmp/qd-sourced; . /tmp/qd-sourced; echo $?; rm -f /tmp/qd-sourced',
  'if',
];

describe('the simulated shell', () => {
  it.each(portable)('does what a real sh does: %s', async (text) => {
    skipUnless(existsSync('/bin/sh'), 'there is no /bin/sh');
    const real = await runProgram('/bin/sh', ['-c', text], { env: { LC_ALL: 'C' } });
    const ours = await run(text);
    expect({ exitCode: ours.exitCode, stdout: ours.stdout }).toEqual({ exitCode: real.exitCode, stdout: real.stdout });
    expect(ours.stderr === '').toBe(real.stderr === '');
  });

  it('says what it does not know as a shell does', async () => {
    const { exitCode, stderr } = await run('frobnicate --now');
    expect(exitCode).toBe(127);
    expect(stderr).toBe('bash: line 1: frobnicate: command not found\n');
    expect((await run('docker ps', '', 'db-a1')).exitCode).toBe(127);
    expect((await run('apt list', '', 'db-a1')).exitCode).toBe(0);
  });

  it('tells each host its own', async () => {
    expect((await run('hostname; uname -r; . /etc/os-release; echo $ID', '', 'web-c1')).stdout).toMatch(
      /^web-c1\n6\.\S+\.fc43\.x86_64\nfedora\n$/,
    );
    expect((await run('cat /etc/flatcar/update.conf | grep GROUP')).stdout).toBe('GROUP=stable\n');
    expect((await run('df -h / | tail -1 | awk "{print \\$NF}"')).stdout).toBe('/\n');
    expect((await run('ls -d /usr/lib/modules/*/')).stdout).toBe('/usr/lib/modules/6.12.87-flatcar/\n');
  });

  it('keeps what only root may do from others', async () => {
    expect(await run('cat /etc/shadow')).toMatchObject({
      exitCode: 1,
      stderr: 'cat: /etc/shadow: Permission denied\n',
    });
    expect((await run('echo x >/etc/motd')).stderr).toContain('Permission denied');
    expect((await run('systemctl restart nginx')).stderr).toContain('Interactive authentication required');
    expect(await run('sudo -n id -u')).toMatchObject({ exitCode: 0, stdout: '0\n' });
  });

  it('writes small files, and no large ones', async () => {
    expect((await run('echo one >/tmp/f; echo two >>/tmp/f; cat /tmp/f; rm /tmp/f; cat /tmp/f')).stdout).toBe(
      'one\ntwo\n',
    );
    expect((await run('echo first >/tmp/f; printf %s ab 1<>/tmp/f; cat /tmp/f; rm /tmp/f')).stdout).toBe('abrst\n');
    expect((await run('yes | head -c 3000000 >/tmp/big; ls /tmp')).stdout).toBe('big\n');
    expect((await run('wc -c /tmp/big; rm /tmp/big')).stdout).toBe('0 /tmp/big\n');
  });

  it('ends a pipe whose reader has gone, and a loop that is killed', async () => {
    expect((await run('yes | head -n 2')).stdout).toBe('y\ny\n');
    const { process, done, errors } = begin('while :; do :; done');
    setTimeout(() => process.kill('TERM'), 30);
    await expect(done).rejects.toBeInstanceOf(Killed);
    expect(errors.text).toBe('');
    expect((await run('timeout 0.1 sleep 5; echo $?')).stdout).toBe('124\n');
  });

  it('leaves no process behind', async () => {
    const { host, done } = begin('sleep 0.05 & sleep 0.01; wait; (sleep 0.01 | cat)');
    await done;
    expect(host.processes.list()).toEqual([]);
  });
});
