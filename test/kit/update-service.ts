import type { ServiceChannel, ServiceGroup, ServicePackage } from '#shared/contract/update-service.ts';

const id = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;

/** A package of the release 4230.2.1 for amd64, when nothing else is said. */
export function samplePackage(more: Partial<ServicePackage> = {}): ServicePackage {
  return {
    id: id(1),
    version: '4230.2.1',
    arch: 'amd64',
    url: 'https://update.release.flatcar-linux.net/amd64-usr/4230.2.1/',
    filename: 'flatcar_production_update.gz',
    description: '',
    size: 497_118_277,
    sha1: 'E3rh1aST7bya58HIor4xTqLp+ts=',
    sha256: 'spM4NbMn6MrXA2uHBCF3GCjahWbV6bW6LC7ObuFI5fQ=',
    disablePayloadBackoff: true,
    needsAdmin: false,
    isDelta: false,
    extraFiles: [],
    ...more,
  };
}

/** The channel stable, which names it. */
export function sampleChannel(more: Partial<ServiceChannel> = {}): ServiceChannel {
  return { id: id(10), name: 'stable', arch: 'amd64', package: id(1), floors: [], ...more };
}

/** A group of track stable that follows it, five at a time. */
export function sampleGroup(more: Partial<ServiceGroup> = {}): ServiceGroup {
  return {
    id: id(20),
    name: 'Production',
    track: 'stable',
    arch: 'amd64',
    channel: id(10),
    updatesEnabled: true,
    safeMode: false,
    officeHours: false,
    timeZone: 'UTC',
    periodS: 3600,
    maxUpdatesPerPeriod: 5,
    updateTimeoutS: 3600,
    ...more,
  };
}
