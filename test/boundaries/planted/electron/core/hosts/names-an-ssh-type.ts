import type { Client } from 'ssh2';

export type Anything = Client;
