/** The part after `#` of the address at which the window shows the hosts of a cluster. */
export function fleetView(cluster: string): string {
  return `/c/${encodeURIComponent(cluster)}/fleet`;
}
