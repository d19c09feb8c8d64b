const sections: Readonly<Record<string, string>> = {
  service: 'Service',
  socket: 'Socket',
  timer: 'Timer',
  mount: 'Mount',
  automount: 'Automount',
  swap: 'Swap',
  path: 'Path',
  slice: 'Slice',
  scope: 'Scope',
};

/** What a file begins with that is nowhere yet: the section that a drop-in of that kind of unit is about, else nothing. */
export function newFileText(path: string): string {
  const kind = /^\/(?:etc|run)\/systemd\/system\/[^/]+\.([a-z]+)\.d\/[^/]+\.conf$/.exec(path)?.[1];
  const section = kind === undefined ? undefined : sections[kind];
  return section === undefined ? '' : `[${section}]\n`;
}
