import type { TextPlace } from '#shared/contract/problem.ts';
import { allBlocks, type Condition, type ConfigFile, type Setting, type SshConfig } from './config-tree.ts';
import { expandHostName } from './expand.ts';
import { lowerCase, matchHostName, matchPattern, matchPatternList } from './pattern.ts';

/** A Match block that could not be decided without running something, with the reason. */
export interface SkippedMatch {
  readonly place: TextPlace;
  readonly why: string;
}

/** What a command line would say; it wins over every file. */
export interface Overrides {
  /** As `-o HostName=…` says it, but never expanded. */
  readonly hostName?: string;
  readonly user?: string;
  readonly port?: number;
}

/** The first value of each keyword for one host, before any expansion. */
export interface Values {
  readonly first: ReadonlyMap<string, Setting>;
  /** Every IdentityFile in order, without repeats. */
  readonly identityFiles: readonly Setting[];
  readonly skipped: readonly SkippedMatch[];
  /** The name after HostName and the second pass, as ssh connects to it. */
  readonly hostName: string;
  readonly user: string;
}

/**
 * Collects what the configuration says of `alias`: first value wins, IdentityFile adds up, Match criteria see what is
 * set so far, and `Match final` asks for a second pass that matches the real host name. Match exec is never run.
 */
export function evaluate(config: SshConfig, alias: string, localUser: string, overrides: Overrides = {}): Values {
  const first = new Map<string, Setting>();
  const identityFiles: Setting[] = [];
  const seenIdentity = new Set<string>();
  const skipped = new Map<string, SkippedMatch>();
  let host = alias;
  let final = false;

  const user = (): string => overrides.user ?? first.get('user')?.words[0] ?? localUser;
  const realName = (): string => {
    if (overrides.hostName !== undefined) return overrides.hostName;
    const said = first.get('hostname')?.words[0];
    return final || said === undefined ? host : (expandHostName(said, host) ?? host);
  };
  const skip = (place: TextPlace, why: string): void => {
    skipped.set(`${place.file}:${place.line}`, { place, why });
  };

  const applies = (condition: Condition, place: TextPlace): boolean => {
    if (condition.kind === 'always') return true;
    if (condition.kind === 'broken') return false;
    if (condition.kind === 'host') {
      let matched = false;
      for (const pattern of condition.patterns) {
        if (!matchPattern(host, pattern.text)) continue;
        if (pattern.negated) return false;
        matched = true;
      }
      return matched;
    }
    let result = true;
    for (const { name, negated, argument } of condition.criteria) {
      if (name === 'exec' || name === 'tagged' || name === 'localnetwork') {
        if (result)
          skip(
            place,
            name === 'exec'
              ? 'Match exec would run a command on this machine; Quarterdeck never does, so the block is left out'
              : `Match ${name} is not supported, so the block is left out`,
          );
        result = false;
        continue;
      }
      let met = true;
      if (name === 'canonical' || name === 'final') met = final;
      else if (name === 'host') met = matchHostName(realName(), argument);
      else if (name === 'originalhost') met = matchHostName(alias, argument);
      else if (name === 'user') met = matchPatternList(user(), argument);
      else if (name === 'localuser') met = matchPatternList(localUser, argument);
      if (met === negated) result = false;
    }
    return result;
  };

  const take = (setting: Setting): void => {
    const { keyword } = setting;
    if (keyword === 'identityfile' || keyword === 'identityfile2') {
      const path = setting.words[0] ?? '';
      if (!seenIdentity.has(path)) identityFiles.push(setting);
      seenIdentity.add(path);
    } else if (keyword === 'proxyjump' || keyword === 'proxycommand') {
      if (!first.has('proxyjump') && !first.has('proxycommand')) first.set(keyword, setting);
    } else if (!first.has(keyword)) first.set(keyword, setting);
  };

  const pass = (files: readonly ConfigFile[]): void => {
    for (const file of files)
      for (const block of file.blocks) {
        if (!applies(block.condition, block.place)) continue;
        for (const item of block.items) {
          if (item.kind === 'setting') take(item);
          else pass(item.files);
        }
      }
  };

  pass(config.roots);
  host = lowerCase(realName());
  if (needsSecondPass(config)) {
    final = true;
    pass(config.roots);
  }
  return { first, identityFiles, skipped: [...skipped.values()], hostName: host, user: user() };
}

const secondPass = new WeakMap<SshConfig, boolean>();

function needsSecondPass(config: SshConfig): boolean {
  let needed = secondPass.get(config);
  if (needed === undefined) {
    needed = [...allBlocks(config.roots)].some(
      ({ condition }) => condition.kind === 'match' && condition.criteria.some(({ name }) => name === 'final'),
    );
    secondPass.set(config, needed);
  }
  return needed;
}
