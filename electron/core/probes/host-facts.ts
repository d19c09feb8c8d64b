import type { HostFacts } from '#shared/contract/host.ts';
import { bootList } from './boot-list.ts';
import { assignments, channelOf, familyOf, osNames } from './os-identity.ts';
import { rebootMarkers } from './reboot-markers.ts';
import type { ScriptSections } from './script-sections.ts';

/** A number that is one, within bounds; else the given one. */
function bounded(text: string, least: number, most: number, otherwise: number): number {
  const value = /^\d{1,15}(\.\d{1,12})?$/.test(text) ? Number(text) : Number.NaN;
  return value >= least && value <= most ? value : otherwise;
}

const virtualInterface = /^(lo|veth|docker|br-|virbr|cni|cali|flannel|vxlan|dummy|lxc|vnet)/;

function addresses(lines: readonly string[]): string[] {
  const found = lines.flatMap((line) => {
    const [, name = '', address = ''] = /^\d+:\s+(\S+)\s+inet6?\s+([0-9a-fA-F.:]+)\//.exec(line) ?? [];
    if (address !== '') return virtualInterface.test(name) ? [] : [address];
    return line.split(/\s+/).filter((word) => /^(\d{1,3}(\.\d{1,3}){3}|[0-9a-fA-F:]*:[0-9a-fA-F:]+)$/.test(word));
  });
  return [...new Set(found)].slice(0, 32);
}

function disks(lines: readonly string[]): HostFacts['disks'] {
  return lines
    .flatMap((line) => {
      const value = (key: string) => new RegExp(`(?:^| )${key}="([^"]*)"`).exec(line)?.[1]?.trim() ?? '';
      const disk = {
        name: value('NAME'),
        sizeBytes: bounded(value('SIZE'), 0, 1e18, 0),
        type: value('TYPE'),
        model: value('MODEL'),
      };
      return disk.name !== '' && disk.type === 'disk' && disk.sizeBytes > 0 && !disk.name.startsWith('zram')
        ? [disk]
        : [];
    })
    .slice(0, 64);
}

function elevation(sections: ScriptSections): HostFacts['elevation'] {
  if (sections.value('rights', 'root') === 'yes') return 'root';
  switch (sections.value('rights', 'sudo')) {
    case 'free':
      return 'sudo';
    case 'password':
      return 'sudo-password';
    case 'missing':
      return 'none';
    default:
      return 'unknown';
  }
}

function timeSync(sections: ScriptSections, before: HostFacts['timeSync']): HostFacts['timeSync'] {
  const told = sections.value('host', 'sync') || sections.value('system', 'synchronized');
  if (told === 'yes' || told === 'no') return told;
  const leap = sections.value('system', 'chrony').split(',').at(-1);
  if (leap !== undefined && leap !== '') return leap === 'Not synchronised' ? 'no' : 'yes';
  return sections.lines('system').length > 0 ? 'unknown' : before;
}

/**
 * The facts as one answer of the script tells them. What this answer leaves out is taken from `before`; null when it
 * does not even name the boot, or when the rest of a new boot is not known yet.
 */
export function hostFacts(sections: ScriptSections, before: HostFacts | null, readAt: number): HostFacts | null {
  const bootId = sections.value('host', 'boot');
  if (!/^[0-9a-f-]{32,36}$/.test(bootId)) return null;
  const whole = sections.lines('system').length > 0;
  const kept = before?.bootId === bootId ? before : null;
  if (!whole && !kept) return null;
  const os = assignments(sections.lines('os-release'));
  const kernel = sections.value('host', 'kernel');
  const virtualization = whole ? sections.value('system', 'virt') : (kept?.virtualization ?? '');
  const uptimeMs = bounded(sections.value('host', 'uptime').split(' ')[0] ?? '', 0, 1e10, 0) * 1000;
  const bootedAt = Math.round(readAt - uptimeMs);
  const rights = elevation(sections);
  const pick = <T>(now: () => T, then: T | undefined): T => (whole || then === undefined ? now() : then);
  return {
    readAt,
    os: pick(() => osNames(os), kept?.os),
    family: pick(() => familyOf(os), kept?.family),
    channel: pick(() => channelOf(os, assignments(sections.lines('update.conf'))), kept?.channel),
    hostname: sections.value('host', 'hostname'),
    kernel,
    architecture: pick(() => sections.value('system', 'arch'), kept?.architecture),
    virtualization,
    machineId: pick(() => sections.value('system', 'machine'), kept?.machineId),
    bootId,
    // Reading it anew jitters by the round trip; a second more or less is no news.
    bootedAt: kept && Math.abs(kept.bootedAt - bootedAt) < 2000 ? kept.bootedAt : bootedAt,
    systemd: pick(() => sections.value('system', 'systemd').replace(/^systemd /, ''), kept?.systemd),
    systemState: pick(() => sections.value('system', 'state'), kept?.systemState),
    timezone: pick(() => sections.value('system', 'zone').replace(/^.*\/zoneinfo\//, '') || 'UTC', kept?.timezone),
    timeSync: timeSync(sections, kept?.timeSync ?? 'unknown'),
    rebootNeeded: rebootMarkers(sections.lines('reboot'), sections.lines('modules'), kernel, virtualization),
    boots: pick(() => bootList(sections.lines('boots')), kept?.boots),
    disks: pick(() => disks(sections.lines('disks')), kept?.disks),
    addresses: pick(() => addresses(sections.lines('addresses')), kept?.addresses),
    cpus: pick(() => bounded(sections.value('system', 'cpus'), 1, 1e6, 1), kept?.cpus),
    elevation: rights === 'unknown' ? (before?.elevation ?? 'unknown') : rights,
  };
}

/** Console clock minus host clock, by the time the host told half a round trip after it was asked; null when it told none. */
export function clockOffset(sections: ScriptSections, askedAt: number, roundTripMs: number): number | null {
  const found = /^(\d{9,11})(?:\.(\d{1,9}))?/.exec(sections.value('host', 'clock'));
  if (!found) return null;
  // Without a fraction the middle of the second is the best guess.
  const host = Number(found[1]) * 1000 + (found[2] ? Number(`0.${found[2]}`) * 1000 : 500);
  return Math.round(askedAt + roundTripMs / 2 - host);
}
