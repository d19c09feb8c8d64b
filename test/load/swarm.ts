import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { HostSpec } from '#core/hosts/hosts.ts';

const lab = fileURLToPath(new URL('../lab/lab', import.meta.url));
const env = { ...process.env, LAB_NAME: 'qd-load', LAB_PORT_BASE: '31000' };
const shape = z.object({
  user: z.string(),
  address: z.string(),
  key: z.string(),
  knownHosts: z.string(),
  ports: z.array(z.int()),
});

/** Plain sshd's on loopback ports, and how to reach them. */
export interface Swarm extends z.infer<typeof shape> {
  readonly specs: HostSpec[];
  end(): void;
}

/** Starts `count` of them; anything an earlier run left is wiped first. */
export function startSwarm(count: number): Swarm {
  execFileSync(lab, ['swarm', String(count)], { env, stdio: ['ignore', 'inherit', 'inherit'] });
  const found = shape.parse(JSON.parse(execFileSync(lab, ['swarm-env'], { env, encoding: 'utf8' })));
  const specs = found.ports.map(
    (port): HostSpec => ({
      name: `h${port}`,
      address: found.address,
      port,
      user: found.user,
      identityFiles: [found.key],
      agent: null,
      hostKeyAlias: null,
      jumps: [],
    }),
  );
  return { ...found, specs, end: () => void execFileSync(lab, ['swarm-down'], { env, stdio: 'ignore' }) };
}
