/**
 * Where what a first boot was told may still lie on a host, the most telling first. Ignition keeps its config only until
 * the next boot unless an image or an installer left a copy; cloud-init and coreos-cloudinit keep what they were given.
 */
export const provisionPlaces = [
  '/run/ignition.json',
  '/oem/config.ign',
  '/usr/share/oem/config.ign',
  '/boot/ignition/config.ign',
  '/var/lib/flatcar-install/user_data',
  '/var/lib/coreos-install/user_data',
  '/oem/cloud-config.yml',
  '/usr/share/oem/cloud-config.yml',
  '/var/lib/cloud/instance/user-data.txt',
  '/var/lib/cloud/seed/nocloud/user-data',
  '/var/lib/cloud/seed/nocloud-net/user-data',
] as const;

/** What Ignition writes down of its run; the second is where older ones did. */
export const resultPlaces = ['/etc/.ignition-result.json', '/var/lib/ignition/result.json'] as const;
