import type { Problem } from '#shared/contract/problem.ts';
import { problemAt, shown } from '../text-problem.ts';
import type { Setting, SshConfig } from './config-tree.ts';
import { evaluate, type Overrides, type SkippedMatch } from './evaluate.ts';
import { type ExpandContext, expandHostName, expandPath, type RemoteTokens } from './expand.ts';
import { type Jump, parseProxyJump } from './jump.ts';
import { jumpOfProxyCommand } from './proxy-command.ts';

/** What the configuration comes to for one host. */
export interface ResolvedHost {
  /** The address to connect to: HostName, else the alias, in lower case. */
  readonly hostName: string;
  readonly port: number;
  readonly user: string;
  /** Expanded paths; null when no IdentityFile is said (ssh then tries its defaults), empty for `none`. */
  readonly identityFiles: readonly string[] | null;
  readonly identitiesOnly: boolean;
  /** The agent's socket: undefined when not said (SSH_AUTH_SOCK then), null for `none`. */
  readonly agent: string | null | undefined;
  readonly hostKeyAlias: string | null;
  /** Null when not said; empty for `none`. */
  readonly userKnownHostsFiles: readonly string[] | null;
  readonly globalKnownHostsFiles: readonly string[] | null;
  /** Null when no ProxyJump (or ProxyCommand that is one) is said; empty for `none`. */
  readonly jumps: readonly Jump[] | null;
  /** Which of the keywords `user`, `port` and `hostname` the files say, in words as written. */
  readonly said: { readonly user: string | null; readonly port: number | null; readonly hostName: string | null };
  readonly skipped: readonly SkippedMatch[];
  readonly problems: readonly Problem[];
}

/** Resolves `alias` as `ssh alias` would, without running or looking up anything. Values ssh would refuse are problems. */
export function resolveSshHost(
  config: SshConfig,
  alias: string,
  context: ExpandContext,
  overrides: Overrides = {},
): ResolvedHost {
  const values = evaluate(config, alias, context.localUser, overrides);
  const problems: Problem[] = [];
  const report = (setting: Setting, message: string, hint?: string): void => {
    problems.push(problemAt(setting.place.file, setting.place.line, setting.place.column ?? 1, message, hint));
  };
  const word = (keyword: string): string | null => values.first.get(keyword)?.words[0] ?? null;

  const portSetting = values.first.get('port');
  const saidPort = portSetting ? readPort(portSetting.words[0] ?? '') : null;
  if (portSetting && saidPort === null)
    report(portSetting, `Port ${shown(word('port') ?? '')} is no port`, 'Write a number from 1 to 65535.');
  const hostNameSetting = values.first.get('hostname');
  if (
    overrides.hostName === undefined &&
    hostNameSetting &&
    expandHostName(hostNameSetting.words[0] ?? '', alias) === null
  )
    report(hostNameSetting, 'HostName holds a token that is not known', 'Only %h and %% are possible here.');
  unsupported(values.first, report);

  const remote: RemoteTokens = {
    alias,
    hostName: values.hostName,
    port: overrides.port ?? saidPort ?? 22,
    user: values.user,
    hostKeyAlias: word('hostkeyalias'),
  };
  const paths = (setting: Setting, words: readonly string[]): string[] =>
    words.flatMap((text) => {
      const expanded = expandPath(text, remote, context);
      if ('value' in expanded) return [expanded.value];
      report(setting, `${setting.keyword} ${shown(text)}: ${expanded.why}`);
      return [];
    });
  const list = (keyword: string): string[] | null => {
    const setting = values.first.get(keyword);
    if (!setting) return null;
    return setting.words[0]?.toLowerCase() === 'none' ? [] : paths(setting, setting.words);
  };
  const identities = values.identityFiles.filter((setting) => setting.words[0]?.toLowerCase() !== 'none');
  const jumpSetting = values.first.get('proxyjump');
  const commandJump = jumpOfProxyCommand(values.first.get('proxycommand')?.words ?? []);
  const jumps = jumpSetting ? parseProxyJump(jumpSetting.rest) : commandJump && [commandJump];
  if (jumpSetting && jumps === null)
    report(jumpSetting, `ProxyJump ${shown(jumpSetting.rest)} cannot be read`, 'Write user@host:port, or "none".');

  return {
    hostName: remote.hostName,
    port: remote.port,
    user: remote.user,
    identityFiles:
      values.identityFiles.length === 0
        ? null
        : identities.flatMap((setting) => paths(setting, setting.words.slice(0, 1))),
    identitiesOnly: isYes(word('identitiesonly')),
    agent: agentOf(values.first.get('identityagent'), paths, context),
    hostKeyAlias: remote.hostKeyAlias,
    userKnownHostsFiles: list('userknownhostsfile'),
    globalKnownHostsFiles: list('globalknownhostsfile'),
    jumps,
    said: { user: word('user'), port: saidPort, hostName: hostNameSetting ? remote.hostName : null },
    skipped: values.skipped,
    problems,
  };
}

function isYes(word: string | null): boolean {
  return word?.toLowerCase() === 'yes' || word?.toLowerCase() === 'true';
}

function readPort(text: string): number | null {
  if (text.toLowerCase() === 'ssh') return 22;
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  return port >= 1 && port <= 65535 ? port : null;
}

function agentOf(
  setting: Setting | undefined,
  paths: (setting: Setting, words: readonly string[]) => string[],
  context: ExpandContext,
): string | null | undefined {
  const text = setting?.words[0];
  if (!setting || text === undefined || text === 'SSH_AUTH_SOCK') return undefined;
  if (text.toLowerCase() === 'none') return null;
  if (text.startsWith('$') && !text.startsWith('${')) return context.env[text.slice(1)] ?? null;
  return paths(setting, [text])[0] ?? null;
}

/** What changes how ssh reaches a host and Quarterdeck does not do: said, never silently ignored. */
function unsupported(
  first: ReadonlyMap<string, Setting>,
  report: (setting: Setting, message: string, hint?: string) => void,
): void {
  const command = first.get('proxycommand');
  if (command && command.words[0]?.toLowerCase() !== 'none' && jumpOfProxyCommand(command.words) === null)
    report(command, 'ProxyCommand is not run', 'Write ProxyJump instead, or "jump" in the cluster file.');
  const canonicalize = first.get('canonicalizehostname');
  if (canonicalize && /^(yes|true|always)$/i.test(canonicalize.words[0] ?? ''))
    report(canonicalize, 'CanonicalizeHostname is not done; names are used as they are');
}
