import { uuidOf } from '../../world/chance.ts';
import type { CommandCall, CommandTable } from '../command.ts';
import { readFlags } from '../flags.ts';
import { columns } from './columns.ts';
import { put } from './text-input.ts';

async function lsblk(call: CommandCall): Promise<number> {
  const flags = readFlags(call.words, ['o', 'output']);
  const disks = new Map<string, number>();
  for (const mount of call.host.mounts()) {
    const name = /^\/dev\/(vd[a-z])/.exec(mount.source)?.[1] ?? 'vda';
    disks.set(
      name,
      Math.max(disks.get(name) ?? 0, Math.ceil(mount.totalKib / 0.98 / 1024 / 1024) + (name === 'vda' ? 4 : 0)),
    );
  }
  const bytes = (gib: number) => (flags.has('b') ? String(gib * 1024 ** 3) : `${gib}G`);
  if (flags.has('P', 'pairs')) {
    for (const [name, gib] of disks) await put(call, `NAME="${name}" SIZE="${bytes(gib)}" TYPE="disk" MODEL=""\n`);
    return 0;
  }
  const rows = [...disks].map(([name, gib], at) => [name, `254:${at * 16}`, '0', bytes(gib), '0', 'disk']);
  await put(call, columns([['NAME', 'MAJ:MIN', 'RM', 'SIZE', 'RO', 'TYPE'], ...rows], [3]));
  return 0;
}

async function ip(call: CommandCall): Promise<number> {
  const flags = readFlags(call.words);
  const { address, seed } = call.host.spec;
  const mac = `52:54:00:${uuidOf(seed)
    .replaceAll('-', '')
    .slice(0, 6)
    .replace(/(..)(?=.)/g, '$1:')}`;
  const asked = flags.rest[0] ?? 'addr';
  if (asked.startsWith('r'))
    await put(call, `default via ${address.replace(/\d+$/, '1')} dev eth0 proto dhcp src ${address} metric 1024\n`);
  else if (flags.has('o', 'oneline')) {
    if (!call.words.includes('global'))
      await put(call, '1: lo    inet 127.0.0.1/8 scope host lo\\       valid_lft forever preferred_lft forever\n');
    await put(
      call,
      `2: eth0    inet ${address}/16 metric 1024 brd 10.255.255.255 scope global dynamic eth0\\       valid_lft 2841sec preferred_lft 2841sec\n`,
    );
  } else if (flags.has('br', 'brief') || (flags.has('b') && flags.has('r'))) {
    await put(
      call,
      `lo               UNKNOWN        127.0.0.1/8 ::1/128 \neth0             UP             ${address}/16 \n`,
    );
  } else {
    await put(
      call,
      `1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN group default qlen 1000
    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00
    inet 127.0.0.1/8 scope host lo
       valid_lft forever preferred_lft forever
2: eth0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc fq_codel state UP group default qlen 1000
    link/ether ${mac} brd ff:ff:ff:ff:ff:ff
    inet ${address}/16 metric 1024 brd 10.255.255.255 scope global dynamic eth0
       valid_lft 2841sec preferred_lft 2841sec
`,
    );
  }
  return 0;
}

/** Commands that list disks and network devices. */
export const deviceCommands: CommandTable = { lsblk, ip };
