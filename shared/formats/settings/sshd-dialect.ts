import type { LineDialect, Split } from './line-text.ts';

/** The keywords of sshd_config(5) as it spells them; others are told by their small letters. */
export const sshdKeywords: readonly string[] =
  `AcceptEnv AddressFamily AllowAgentForwarding AllowGroups AllowStreamLocalForwarding AllowTcpForwarding AllowUsers
AuthenticationMethods AuthorizedKeysCommand AuthorizedKeysCommandUser AuthorizedKeysFile AuthorizedPrincipalsCommand
AuthorizedPrincipalsCommandUser AuthorizedPrincipalsFile Banner CASignatureAlgorithms ChannelTimeout ChrootDirectory
Ciphers ClientAliveCountMax ClientAliveInterval Compression DenyGroups DenyUsers DisableForwarding ExposeAuthInfo
FingerprintHash ForceCommand GatewayPorts GSSAPIAuthentication GSSAPICleanupCredentials GSSAPIStrictAcceptorCheck
HostbasedAcceptedAlgorithms HostbasedAuthentication HostbasedUsesNameFromPacketOnly HostCertificate HostKey HostKeyAgent
HostKeyAlgorithms IgnoreRhosts IgnoreUserKnownHosts Include IPQoS KbdInteractiveAuthentication KerberosAuthentication
KerberosGetAFSToken KerberosOrLocalPasswd KerberosTicketCleanup KexAlgorithms ListenAddress LoginGraceTime LogLevel
LogVerbose MACs MaxAuthTries MaxSessions MaxStartups ModuliFile PasswordAuthentication PermitEmptyPasswords PermitListen
PermitOpen PermitRootLogin PermitTTY PermitTunnel PermitUserEnvironment PermitUserRC PerSourceMaxStartups
PerSourceNetBlockSize PerSourcePenalties PidFile Port PrintLastLog PrintMotd PubkeyAcceptedAlgorithms PubkeyAuthOptions
PubkeyAuthentication RekeyLimit RequiredRSASize RevokedKeys SecurityKeyProvider SetEnv StreamLocalBindMask
StreamLocalBindUnlink StrictModes Subsystem SyslogFacility TCPKeepAlive TrustedUserCAKeys UnusedConnectionTimeout UseDNS
UsePAM VersionAddendum X11DisplayOffset X11Forwarding X11UseLocalhost XAuthLocation`.split(/\s+/);
const spelling = new Map(sshdKeywords.map((word) => [word.toLowerCase(), word]));

/** Keywords that add to what stands before; of all others the first counts. */
export const addingKeywords: ReadonlySet<string> = new Set(
  `AcceptEnv AllowGroups AllowUsers DenyGroups DenyUsers HostCertificate HostKey Include ListenAddress Port SetEnv`.split(
    ' ',
  ),
);
const arrow = ' → ';

/** Keywords in any case, the first value counts, `Match` blocks are sections to their end. */
export const sshdDialect: LineDialect = {
  comments: '#',
  joins: false,
  between: ' ',
  section: (line) => {
    const match = /^match[ \t=]+/i.exec(line);
    return match ? `Match ${line.slice(match[0].length).replaceAll(/[ \t]+/g, ' ')}` : null;
  },
  numbers: false,
  header: (label) => (/^Match [^#\r\n]+$/.test(label) ? label : null),
  split: splitKeyword,
  key: (section, name) => {
    const [word = '', of] = name.split(' ');
    const known = spelling.get(word.toLowerCase()) ?? word.toLowerCase();
    const whole = of === undefined ? known : `${known} ${of}`;
    return section === '' ? whole : section + arrow + whole;
  },
  splitKey: (key) => {
    const at = key.lastIndexOf(arrow);
    return at === -1 ? { section: '', name: key } : { section: key.slice(0, at), name: key.slice(at + arrow.length) };
  },
  isName: (name) =>
    /^[A-Za-z][A-Za-z0-9]*( [\w.-]+)?$/.test(name) && name.includes(' ') === name.startsWith('Subsystem '),
  indent: (section) => (section === '' ? '' : '    '),
  repeats: (key) => (addingKeywords.has(key.split(arrow).at(-1) ?? '') ? 'all' : 'first'),
  decode: (raw) => raw,
  encode: (value) => (value === '' || splitKeyword(`Banner ${value}`)?.valueTo !== 7 + value.length ? null : value),
};

/** A keyword, its value, and what is left out: a comment behind it. A subsystem is named by its first word. */
function splitKeyword(line: string): Split | null {
  const word = /^[A-Za-z0-9]{1,64}/.exec(line)?.[0];
  if (word === undefined) return null;
  const subsystem = /^subsystem$/i.test(word)
    ? /^[ \t=]{1,64}([\w.-]{1,64})(?=[ \t])/.exec(line.slice(word.length))
    : null;
  const nameEnd = word.length + (subsystem?.[0].length ?? 0);
  let valueFrom = nameEnd;
  while (' \t='.includes(line.charAt(valueFrom)) && valueFrom < line.length) valueFrom += 1;
  if (valueFrom === nameEnd) return null;
  let quoted = false;
  let valueTo = line.length;
  for (let at = valueFrom; at < line.length; at++) {
    const char = line.charAt(at);
    if (char === '"') quoted = !quoted;
    else if (char === '#' && !quoted && ' \t'.includes(line.charAt(at - 1))) {
      valueTo = at;
      break;
    }
  }
  valueTo = valueFrom + line.slice(valueFrom, valueTo).trimEnd().length;
  if (valueTo <= valueFrom) return null;
  return { name: subsystem ? `${word} ${subsystem[1]}` : word, nameEnd, valueFrom, valueTo };
}
