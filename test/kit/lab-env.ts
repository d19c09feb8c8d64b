import { z } from 'zod';

const host = z.object({
  name: z.string(),
  os: z.enum(['flatcar', 'coreos', 'fcos', 'bootc', 'fedora', 'debian']),
  /** Where the other hosts find it. */
  ip: z.string(),
  /** The host to jump over, or null when it is reached directly. */
  via: z.string().nullable(),
  /** Where to connect: loopback and its port, or its own address and 22 behind a jump. */
  address: z.string(),
  port: z.number().int(),
  /** Type and base64, as known_hosts holds it; today's key, also after a swap. */
  hostKey: z.string(),
  etcd: z.string().nullable(),
});

const etcd = z.object({
  mode: z.enum(['plain', 'secure', 'none']),
  endpoints: z.array(z.string()),
  user: z.string().optional(),
  password: z.string().optional(),
  ca: z.string().optional(),
  cert: z.string().optional(),
  key: z.string().optional(),
});

/** What `lab env` prints. */
export const labEnvSchema = z.object({
  name: z.string(),
  user: z.string(),
  key: z.string(),
  knownHosts: z.string(),
  sshConfig: z.string(),
  password: z.object({ user: z.string(), password: z.string() }),
  hosts: z.array(host),
  etcd,
});

/** What `lab swarm-env` prints. */
export const swarmEnvSchema = z.object({
  user: z.string(),
  address: z.string(),
  key: z.string(),
  knownHosts: z.string(),
  ports: z.array(z.number().int()),
});

export type LabHost = z.infer<typeof host>;
export type LabSystem = LabHost['os'];
export type LabEnv = z.infer<typeof labEnvSchema>;
export type SwarmEnv = z.infer<typeof swarmEnvSchema>;
