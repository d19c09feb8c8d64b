import { pino, type DestinationStream } from 'pino';
import type { Log } from '#core/lib/log.ts';

/** Field names whose values are never written, at any depth the core uses. */
const secretFields = ['password', 'passphrase', 'token', 'answers', 'secret', 'privateKey'];
const levels = ['debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof levels)[number];

/** The level named by QUARTERDECK_LOG; anything else means `otherwise`. */
export function logLevel(name: string | undefined, otherwise: LogLevel): LogLevel {
  return levels.find((level) => level === name) ?? otherwise;
}

/** A Log that writes one JSON object a line to `destination`, standard error by default, with secrets left out. */
export function pinoLog(level: LogLevel, destination?: DestinationStream): Log {
  const logger = pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: { paths: secretFields.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]), censor: '(left out)' },
    },
    destination ?? pino.destination({ dest: 2, sync: true }),
  );
  const at =
    (method: 'debug' | 'info' | 'warn' | 'error') =>
    (message: string, fields: Record<string, unknown> = {}) =>
      logger[method](fields, message);
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}
