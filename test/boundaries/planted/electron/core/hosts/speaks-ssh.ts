import { Client } from 'ssh2';

export const client = new Client();
