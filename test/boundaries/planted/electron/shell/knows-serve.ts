import { Keys } from '../serve/keys.ts';

export const keys = new Keys();
