import { z } from 'zod';

/** A host's name inside its cluster: what the cluster file calls it. No control characters, no slashes. */
export const hostName = z
  .string()
  .min(1)
  .max(253)
  // oxlint-disable-next-line no-control-regex -- control characters are exactly what is refused
  .regex(/^[^\u0000-\u0020\u007f/]+$/, 'a host name has no spaces, slashes or control characters');

/** A cluster's id: the name of its file without `.yaml`. */
export const clusterId = z
  .string()
  .min(1)
  .max(64)
  .regex(/^[a-z0-9][a-z0-9._-]*$/, 'a cluster id is lower-case letters, digits, dot, dash and underscore');

/** Milliseconds since 1970 by the console's clock. */
export const epochMs = z.number();

/** A systemd unit name with its suffix, as `sshd.service`. */
export const unitName = z
  .string()
  .max(255)
  .regex(
    /^[A-Za-z0-9:_.@\\-]+\.(service|socket|device|mount|automount|swap|target|path|timer|slice|scope)$/,
    'not a systemd unit name',
  );
