import { type ChangeDraft, type ChangePart, defaultWaves, type WavePolicy } from '#shared/contract/change.ts';

/** A draft that gives one file this text on all hosts, with whatever else is asked of them. */
export function oneFile(
  hosts: string[],
  path: string,
  content: string,
  { title = `Write ${path}`, policy = {}, ...part }: OneFileOptions = {},
): ChangeDraft {
  const files = [{ path, content, mode: null, owner: null, seen: null }];
  return {
    title,
    parts: [{ hosts, files, actions: [], validators: [], gates: [], ...part }],
    policy: { ...defaultWaves, soakS: 0, ...policy },
  };
}

export type OneFileOptions = Partial<ChangePart> & { title?: string; policy?: Partial<WavePolicy> };
