import type { HostMaintenance } from '#shared/contract/host.ts';

/** Hosts that are down on purpose; expired marks fall away by themselves. */
export interface Marks {
  get(host: string): HostMaintenance | null;
  hosts(): string[];
  /** Sets or (null) lifts the mark of each host; resolves when it is written down. */
  set(hosts: readonly string[], mark: HostMaintenance | null): Promise<void>;
  /** Takes away what expired by `now` and answers which hosts that were. */
  expire(now: number): string[];
}
