import { quote } from '../../electron/core/lib/shell-quote.ts';

export const word = quote('a b');
