import type { z } from 'zod';

/**
 * One call a view can make. `query` reads and dies with the session; `edit` changes the console's own things; `change` alters
 * a host, is refused in observe mode, and is written to the activity log.
 */
export interface CallShape {
  readonly kind: 'query' | 'edit' | 'change';
  readonly input: z.ZodType;
  readonly output: z.ZodType;
}
