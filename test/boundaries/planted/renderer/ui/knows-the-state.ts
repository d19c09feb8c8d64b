import { createReplica } from '../state/replica.ts';

export const replica = createReplica();
