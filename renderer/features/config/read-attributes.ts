/** Mode and owner as they are typed; empty keeps what each host has. */
export interface TypedAttributes {
  readonly mode: string;
  readonly owner: string;
}

export const asItIs: TypedAttributes = { mode: '', owner: '' };

/** What was typed as a plan takes it, and what is wrong with it in words. */
export interface ReadAttributes {
  readonly mode: string | null;
  readonly owner: { readonly uid: number; readonly gid: number } | null;
  readonly modeProblem: string | undefined;
  readonly ownerProblem: string | undefined;
}

const largestId = 4_294_967_294;

/** Reads a mode as `640` and an owner as `0:0`. */
export function readAttributes({ mode, owner }: TypedAttributes): ReadAttributes {
  const octal = mode.trim();
  const ids = /^(\d{1,10}):(\d{1,10})$/.exec(owner.trim());
  const [uid, gid] = ids ? [Number(ids[1]), Number(ids[2])] : [0, 0];
  const isMode = /^[0-7]{3,4}$/.test(octal);
  const isOwner = ids !== null && uid <= largestId && gid <= largestId;
  return {
    mode: isMode ? octal : null,
    owner: isOwner ? { uid, gid } : null,
    modeProblem: octal !== '' && !isMode ? 'Three or four octal digits, as 640' : undefined,
    ownerProblem: owner.trim() !== '' && !isOwner ? 'Numbers of user and group, as 0:0' : undefined,
  };
}
