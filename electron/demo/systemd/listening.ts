import type { SimulatedSystemd } from './simulated-systemd.ts';

/** Units by the ports on which they answer. */
const services: Readonly<Record<number, readonly string[]>> = {
  22: ['ssh.service', 'sshd.service', 'sshd.socket'],
  80: ['nginx.service'],
  2379: ['etcd-member.service', 'etcd.service'],
};

/** Whether somebody answers at a port of a host. */
export function isListening(systemd: Pick<SimulatedSystemd, 'get'>, port: number): boolean {
  return (services[port] ?? []).some((name) => systemd.get(name)?.active === 'active');
}
