export interface KeptSecret {
  readonly noun: 'passphrase' | 'password' | 'token' | 'secret';
  readonly what: string;
  /** What it opens. */
  readonly of: string;
}

/** What a kept secret is for, from the name it is kept under. */
export function keptSecretWords(name: string): KeptSecret {
  const at = name.indexOf(':');
  const known = kinds[name.slice(0, at)];
  return known ? { ...known, of: name.slice(at + 1) } : { noun: 'secret', what: 'Secret', of: name };
}

const kinds: Readonly<Record<string, Omit<KeptSecret, 'of'>>> = {
  passphrase: { noun: 'passphrase', what: 'Passphrase of the key' },
  password: { noun: 'password', what: 'Password of' },
  'update-server-token': { noun: 'token', what: 'Token of the update server' },
  'etcd-password': { noun: 'password', what: 'Password of the etcd user' },
};
