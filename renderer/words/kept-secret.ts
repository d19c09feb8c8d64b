/** What a kept secret is for, from the name it is kept under. */
export function keptSecretWords(name: string): { readonly what: string; readonly of: string } {
  const at = name.indexOf(':');
  const what = kinds[name.slice(0, at)];
  return what === undefined ? { what: 'Secret', of: name } : { what, of: name.slice(at + 1) };
}

const kinds: Readonly<Record<string, string>> = {
  passphrase: 'Passphrase of the key',
  password: 'Password of',
  'etcd-password': 'Password of the etcd user',
};
