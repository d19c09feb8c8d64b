/** Settings that are shown of a section even where they are not written, by the ending of the file. */
export const usualSections: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  service: {
    Unit: 'Description After Wants',
    Service: 'Type ExecStart Restart User Environment',
    Install: 'WantedBy',
  },
  socket: { Unit: 'Description', Socket: 'ListenStream Accept', Install: 'WantedBy' },
  timer: { Unit: 'Description', Timer: 'OnCalendar OnBootSec Persistent RandomizedDelaySec', Install: 'WantedBy' },
  mount: { Unit: 'Description', Mount: 'What Where Type Options', Install: 'WantedBy' },
  automount: { Unit: 'Description', Automount: 'Where TimeoutIdleSec', Install: 'WantedBy' },
  swap: { Unit: 'Description', Swap: 'What Priority', Install: 'WantedBy' },
  path: { Unit: 'Description', Path: 'PathExists PathChanged Unit', Install: 'WantedBy' },
  slice: { Unit: 'Description', Slice: 'CPUQuota MemoryMax' },
  target: { Unit: 'Description Wants After', Install: 'WantedBy' },
  network: {
    Match: 'Name MACAddress',
    Network: 'DHCP Address Gateway DNS Domains',
  },
  netdev: { NetDev: 'Name Kind MTUBytes' },
  link: { Match: 'MACAddress OriginalName Path', Link: 'Name NamePolicy MTUBytes WakeOnLan' },
};

/** Sections that come several times in one file, each of which is one thing, with what begins it. */
export const repeatedSections: Readonly<
  Record<string, { readonly one: string; readonly key: string; readonly usual: string }>
> = {
  Route: { one: 'route', key: 'Destination', usual: 'Destination Gateway Metric Table' },
  Address: { one: 'address section', key: 'Address', usual: 'Address Peer Label' },
};

/** Directives that are usually given several values, each in a line of its own. */
export const severalValues: ReadonlySet<string> = new Set(
  `Unit.After Unit.Wants Unit.Requires Unit.Before Service.Environment Service.EnvironmentFile Service.ExecStartPre
  Service.ExecStart Service.ExecStartPost Service.ExecStop Install.WantedBy Install.RequiredBy Install.Alias Socket.ListenStream
  Timer.OnCalendar Network.Address Network.Gateway Network.DNS Network.VLAN Network.NTP`.split(/\s+/),
);
