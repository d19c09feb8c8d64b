// No host name begins with a space, so a group never reads as a host.
const groupPrefix = ' group ';

/** The row key of a group of hosts. */
export function groupKey(value: string): string {
  return groupPrefix + value;
}

/** Whether a row key is that of a group, not a host's name. */
export function isGroupKey(key: string): boolean {
  return key.startsWith(groupPrefix);
}
