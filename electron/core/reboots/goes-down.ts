import { simpleCommands } from './shell-words.ts';

/** Units that end a boot, or all that runs in it. */
const downUnits =
  /^(?:systemd-)?(?:reboot|poweroff|halt|kexec|soft-reboot|exit|shutdown|final|umount|ctrl-alt-del|rescue|emergency|suspend|hibernate|hybrid-sleep|suspend-then-hibernate|sleep|runlevel[016])\.(?:target|service)$/;
const etcdUnits = /^etcd[23]?(?:-member)?(?:@[^/]*)?\.service$/;
const beginning: ReadonlySet<string> = new Set(['start', 'restart', 'isolate', 'reload-or-restart']);
const ending: ReadonlySet<string> = new Set(['stop', 'restart', 'disable', 'mask', 'kill', 'reload-or-restart']);

/** What a verb on a unit does to the host's etcd: takes the host down, takes etcd away, or nothing of the kind. */
export function unitTakesDown(unit: string, verb: string): 'host' | 'etcd' | null {
  if (downUnits.test(unit) && beginning.has(verb)) return 'host';
  if (etcdUnits.test(unit) && ending.has(verb)) return 'etcd';
  return null;
}

/** Commands that run the rest of their words, with those of their options that take a word more. */
const prefixes: Readonly<Record<string, RegExp>> = {
  sudo: /^-[ughpCTRDUrt]$|^--(user|group|host|prompt|chdir|chroot|role|type)$/,
  doas: /^-[uC]$/,
  env: /^-[uCS]$/,
  nohup: /^$/,
  setsid: /^$/,
  exec: /^-a$/,
  command: /^$/,
  builtin: /^$/,
  time: /^-[fo]$/,
  nice: /^-n$/,
  ionice: /^-[cnp]$/,
  stdbuf: /^-[ioe]$/,
  chroot: /^$/,
  xargs: /^-[aEeIiLlnPsd]$/,
  timeout: /^-[sk]$/,
  busybox: /^$/,
  toybox: /^$/,
  'systemd-run': /^-[pEuM]$|^--(unit|property|setenv|on-active|on-boot|on-calendar|slice|description)$/,
  'systemd-inhibit': /^$/,
};
/** The words of these that come before the command. */
const leading: Readonly<Record<string, number>> = { timeout: 1, chroot: 1 };
const shells = /^(?:ba|da|a|z|k|mk)?sh$/;
const keywords: ReadonlySet<string> = new Set(['then', 'do', 'else', 'elif', 'if', 'while', 'until', '!', '{', '}']);

/**
 * The same of a command that is asked of hosts: plain ways to reboot, also behind sudo, env, `sh -c` and the like. A best
 * effort against mistakes, not a wall: a script on the host, an alias or a variable hides it.
 */
export function commandTakesDown(command: string, depth = 0): 'host' | 'etcd' | null {
  if (/\/proc\/sysrq-trigger/.test(command)) return 'host';
  if (/login1\.Manager[\s.]+(?:Reboot|PowerOff|Halt|Suspend|Hibernate|KExec)/i.test(command)) return 'host';
  let found: 'host' | 'etcd' | null = null;
  for (const words of simpleCommands(command)) {
    const what = wordsTakeDown(words, depth);
    if (what === 'host') return what;
    found ??= what;
  }
  return found;
}

function wordsTakeDown(all: readonly string[], depth: number): 'host' | 'etcd' | null {
  let words = all;
  for (;;) {
    const first = words[0];
    if (first === undefined) return null;
    if (keywords.has(first) || /^[A-Za-z_]\w*=/.test(first)) {
      words = words.slice(1);
      continue;
    }
    const name = first.slice(first.lastIndexOf('/') + 1);
    const valued = Object.hasOwn(prefixes, name) ? prefixes[name] : undefined;
    if (!valued) return depth < 5 ? programTakesDown(name, words.slice(1), depth) : null;
    let at = 1;
    while (words[at]?.startsWith('-') === true && words[at] !== '--') at += valued.test(words[at] ?? '') ? 2 : 1;
    if (words[at] === '--') at++;
    words = words.slice(at + (leading[name] ?? 0));
  }
}

function programTakesDown(name: string, words: readonly string[], depth: number): 'host' | 'etcd' | null {
  const operands = words.filter((word) => !word.startsWith('-'));
  const namesEtcd = words.some((word) => /\betcd/.test(word));
  if (shells.test(name) || name === 'su' || name === 'eval') {
    const at = words.findIndex((word) => /^-[a-z]*c$/.test(word) || word === '--command');
    const script = name === 'eval' ? words.join(' ') : at === -1 ? undefined : words[at + 1];
    return script === undefined ? null : commandTakesDown(script, depth + 1);
  }
  switch (name) {
    case 'reboot':
    case 'poweroff':
    case 'halt':
      return words.some((word) => /^(?:--help|-w|--wtmp-only)$/.test(word)) ? null : 'host';
    case 'shutdown':
      return words.some((word) => /^(?:--help|-c|-k|--show)$/.test(word)) ? null : 'host';
    case 'init':
    case 'telinit':
      return /^[016sS]$/.test(operands[0] ?? '') ? 'host' : null;
    case 'kexec':
      return words.some((word) => word === '-e' || word === '--exec') ? 'host' : null;
    case 'locksmithctl':
      return operands[0] === 'reboot' ? 'host' : null;
    case 'rpm-ostree':
      return words.some((word) => word === '-r' || word === '--reboot') ? 'host' : null;
    case 'bootc':
      return words.includes('--apply') ? 'host' : null;
    case 'systemctl':
      return systemctlTakesDown(operands);
    case 'service':
      return operands[0] === undefined ? null : unitTakesDown(`${operands[0]}.service`, operands[1] ?? '');
    case 'pkill':
    case 'killall':
      return namesEtcd ? 'etcd' : null;
    case 'docker':
    case 'podman':
    case 'nerdctl':
      return namesEtcd && /^(?:stop|restart|kill|rm)$/.test(operands[0] ?? '') ? 'etcd' : null;
    default:
      return null;
  }
}

const systemctlWords: ReadonlySet<string> = new Set(
  'reboot poweroff halt kexec soft-reboot exit rescue emergency suspend hibernate hybrid-sleep suspend-then-hibernate'.split(
    ' ',
  ),
);

function systemctlTakesDown(operands: readonly string[]): 'host' | 'etcd' | null {
  const [verb = '', ...units] = operands;
  if (systemctlWords.has(verb)) return 'host';
  let found: 'host' | 'etcd' | null = null;
  for (const unit of units) {
    const what = unitTakesDown(
      /\.[a-z]+$/.test(unit) ? unit : `${unit}.${verb === 'isolate' ? 'target' : 'service'}`,
      verb,
    );
    if (what === 'host') return what;
    found ??= what;
  }
  return found;
}
