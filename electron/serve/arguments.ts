import { parseArgs } from 'node:util';
import { fail } from '#shared/contract/problem.ts';
import { readLink } from '#shared/lib/deep-link.ts';
import type { Folders } from '../launch/folders.ts';
import { readUpdateOptions, updateOptions, updateUsage, type UpdateServiceArguments } from './update-options.ts';
import { launchOptions, readLaunch, wholeNumber, type Launch } from '../launch/launch-options.ts';

/** What `serve` was asked to do. */
export interface ServeArguments extends Launch {
  readonly host: string;
  readonly port: number;
  /** Files in PEM form; both or none. */
  readonly tlsFiles: { readonly cert: string; readonly key: string } | null;
  /** Standard output carries the links alone, one a line. */
  readonly printUrl: boolean;
  /** End when standard input ends, so that a starter that dies takes its server along. */
  readonly endWithInput: boolean;
  /** Null: no update service. */
  readonly updateService: UpdateServiceArguments | null;
  readonly help: boolean;
  /** What the window shows first, when a link was given. */
  readonly view: string | null;
}

/** The words of `--help`. */
export const usage = `quarterdeck serve [options] [quarterdeck://LINK]: the console in a browser, for one person, on this machine.

  --port N            port to listen on; 0, the default, takes any free one
  --host ADDRESS      address to listen on (127.0.0.1); any other than loopback needs TLS
  --tls-cert FILE     certificate in PEM form, with --tls-key FILE
  --demo              open the embedded demo fleet
  --demo-hosts N      the same with N hosts (1 to 2000)
  --data-dir FOLDER   activity log, saved views and vault
  --config-dir FOLDER cluster files
  --print-url         print nothing but the link on standard output
  --end-with-input    end when standard input ends
${updateUsage}
The link is good for one browser and once; another is printed when it has been used.
QUARTERDECK_VAULT_PASSPHRASE lets it keep secrets between runs; QUARTERDECK_LOG is debug, info, warn or error.
`;

/** Reads the command line; throws `invalid-input` with the words of what is wrong. */
export function parseArguments(argv: readonly string[], folders: Folders): ServeArguments {
  const { values, positionals } = parse(argv);
  const { 'tls-cert': cert, 'tls-key': key } = values;
  if ((cert === undefined) !== (key === undefined)) {
    throw fail('invalid-input', '--tls-cert and --tls-key go together');
  }
  return {
    ...readLaunch(values, folders),
    host: values.host ?? '127.0.0.1',
    port: wholeNumber('--port', values.port ?? '0', 0, 65_535),
    tlsFiles: cert !== undefined && key !== undefined ? { cert, key } : null,
    printUrl: values['print-url'] ?? false,
    endWithInput: values['end-with-input'] ?? false,
    updateService: readUpdateOptions(values),
    help: values.help ?? false,
    view: readView(positionals),
  };
}

/** The view of the one link that may be given. */
function readView([link, ...more]: readonly string[]): string | null {
  if (link === undefined) return null;
  const read = readLink(link);
  const stray = read === null ? link : more[0];
  if (read === null || stray !== undefined) {
    throw fail(
      'invalid-input',
      `“${stray}” is not understood: one quarterdeck:// link is all that may be given beside options`,
      {
        hint: 'See --help.',
      },
    );
  }
  if ('refusal' in read) throw fail('invalid-input', read.refusal);
  return read.view;
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        host: { type: 'string' },
        port: { type: 'string' },
        'tls-cert': { type: 'string' },
        'tls-key': { type: 'string' },
        ...launchOptions,
        'print-url': { type: 'boolean' },
        'end-with-input': { type: 'boolean' },
        ...updateOptions,
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw fail('invalid-input', error instanceof Error ? error.message : String(error), { hint: 'See --help.' });
  }
}
