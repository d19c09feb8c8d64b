import { quote } from '#core/lib/shell-quote.ts';

export const word = quote('a b');
