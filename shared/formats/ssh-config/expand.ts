/** What `%` tokens, `~` and `${NAME}` stand for on this machine. */
export interface ExpandContext {
  readonly home: string;
  readonly localUser: string;
  readonly localHostName: string;
  /** The local user's numeric id as text; empty where there is none (Windows). */
  readonly userId: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** The values of the tokens that stand for the remote end. */
export interface RemoteTokens {
  readonly alias: string;
  readonly hostName: string;
  readonly port: number;
  readonly user: string;
  readonly hostKeyAlias: string | null;
}

/** An expanded value, or why it cannot be expanded. */
export type Expanded = { readonly value: string } | { readonly why: string };

/** Expands `%h` and `%%` of a HostName; null for any other token. */
export function expandHostName(text: string, host: string): string | null {
  const expanded = expandTokens(text, { '%': '%', h: host });
  return 'value' in expanded ? expanded.value : null;
}

function expandTokens(text: string, tokens: Readonly<Record<string, string>>): Expanded {
  let why = '';
  const value = text.replaceAll(/%(.?)/gs, (_, token: string) => {
    if (Object.hasOwn(tokens, token)) return tokens[token] ?? '';
    why = token === '' ? 'it ends in a single %' : `the token %${token} is not known here`;
    return '';
  });
  return why === '' ? { value } : { why };
}

/** Expands `~/`, `%` tokens and `${NAME}` of a path keyword. `~name/` and `%C` are not supported. */
export function expandPath(text: string, remote: RemoteTokens, context: ExpandContext): Expanded {
  const tokens = {
    '%': '%',
    d: context.home,
    h: remote.hostName,
    i: context.userId,
    k: remote.hostKeyAlias ?? remote.alias,
    L: context.localHostName.split('.')[0] ?? '',
    l: context.localHostName,
    n: remote.alias,
    p: String(remote.port),
    r: remote.user,
    u: context.localUser,
  };
  let path = text;
  if (path === '~' || path.startsWith('~/')) path = context.home + path.slice(1);
  else if (path.startsWith('~')) return { why: "only ~/ is supported, not another user's home" };
  let why = '';
  // One pass over both kinds, so that what an environment variable holds is not expanded again.
  const value = path.replaceAll(/\$\{([^}]*)\}|%(.?)/gs, (found, variable: string | undefined, token: string) => {
    const inserted = variable === undefined ? expandTokens(found, tokens) : environment(variable, context.env);
    if ('value' in inserted) return inserted.value;
    why = inserted.why;
    return token ?? '';
  });
  return why === '' ? { value } : { why };
}

function environment(name: string, env: ExpandContext['env']): Expanded {
  const value = Object.hasOwn(env, name) ? env[name] : undefined;
  return value === undefined ? { why: `the environment has no ${name}` } : { value };
}
