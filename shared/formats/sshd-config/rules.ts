const words = (text: string): string[] => text.split(/\s+/).filter(Boolean);
const small = (text: string): ReadonlySet<string> => new Set(words(text.toLowerCase()));

/** Keywords that take one of a few words, in small letters; facts of sshd_config(5) of OpenSSH 9. */
export const fewWords: ReadonlyMap<string, readonly string[]> = new Map<string, readonly string[]>([
  ...words(
    `AllowAgentForwarding DisableForwarding ExposeAuthInfo GSSAPIAuthentication GSSAPICleanupCredentials
    GSSAPIStrictAcceptorCheck HostbasedAuthentication HostbasedUsesNameFromPacketOnly IgnoreUserKnownHosts
    KbdInteractiveAuthentication KerberosAuthentication KerberosGetAFSToken KerberosOrLocalPasswd KerberosTicketCleanup
    PasswordAuthentication PermitEmptyPasswords PermitTTY PermitUserRC PrintLastLog PrintMotd PubkeyAuthentication
    StreamLocalBindUnlink StrictModes TCPKeepAlive UseDNS UsePAM X11Forwarding X11UseLocalhost`,
  ).map((name) => [name.toLowerCase(), ['yes', 'no']] as [string, readonly string[]]),
  ['addressfamily', ['any', 'inet', 'inet6']],
  ['allowstreamlocalforwarding', ['yes', 'no', 'all', 'local', 'remote']],
  ['allowtcpforwarding', ['yes', 'no', 'all', 'local', 'remote']],
  ['compression', ['yes', 'no', 'delayed']],
  ['fingerprinthash', ['md5', 'sha256']],
  ['gatewayports', ['yes', 'no', 'clientspecified']],
  ['ignorerhosts', ['yes', 'no', 'shosts-only']],
  ['loglevel', ['quiet', 'fatal', 'error', 'info', 'verbose', 'debug', 'debug1', 'debug2', 'debug3']],
  ['permitrootlogin', ['yes', 'no', 'prohibit-password', 'without-password', 'forced-commands-only']],
  ['permittunnel', ['yes', 'no', 'point-to-point', 'ethernet']],
  ['syslogfacility', words('daemon user auth authpriv local0 local1 local2 local3 local4 local5 local6 local7')],
]);

/** Keywords that take a whole number, with its bounds. */
export const numbers: ReadonlyMap<string, readonly [number, number]> = new Map([
  ['port', [1, 65_535]],
  ['maxauthtries', [1, 1_000_000]],
  ['maxsessions', [0, 1_000_000]],
  ['clientalivecountmax', [0, 1_000_000]],
  ['x11displayoffset', [0, 65_535]],
  ['requiredrsasize', [1, 65_536]],
]);

/** Keywords that take a time as `90`, `2m` or `1h30m`. */
export const times = small('ClientAliveInterval LoginGraceTime');

/** What may stand in a Match block. */
export const inMatch = small(`AcceptEnv AllowAgentForwarding AllowGroups AllowStreamLocalForwarding AllowTcpForwarding
  AllowUsers AuthenticationMethods AuthorizedKeysCommand AuthorizedKeysCommandUser AuthorizedKeysFile
  AuthorizedPrincipalsCommand AuthorizedPrincipalsCommandUser AuthorizedPrincipalsFile Banner CASignatureAlgorithms
  ChallengeResponseAuthentication ChannelTimeout ChrootDirectory ClientAliveCountMax ClientAliveInterval DenyGroups
  DenyUsers DisableForwarding ExposeAuthInfo ForceCommand GatewayPorts GSSAPIAuthentication
  HostbasedAcceptedAlgorithms HostbasedAcceptedKeyTypes HostbasedAuthentication HostbasedUsesNameFromPacketOnly
  IgnoreRhosts Include IPQoS KbdInteractiveAuthentication KerberosAuthentication LogLevel LogVerbose MaxAuthTries
  MaxSessions PasswordAuthentication PermitEmptyPasswords PermitListen PermitOpen PermitRootLogin PermitTTY
  PermitTunnel PermitUserRC PubkeyAcceptedAlgorithms PubkeyAcceptedKeyTypes PubkeyAuthentication PubkeyAuthOptions
  RDomain RefuseConnection RekeyLimit RequiredRSASize RevokedKeys SetEnv StreamLocalBindMask StreamLocalBindUnlink Subsystem
  TrustedUserCAKeys UnusedConnectionTimeout X11DisplayOffset X11Forwarding X11UseLocalhost`);

/** Other names that sshd still takes, and the names of today. */
export const otherNames: ReadonlyMap<string, string> = new Map([
  ['challengeresponseauthentication', 'KbdInteractiveAuthentication'],
  ['skeyauthentication', 'KbdInteractiveAuthentication'],
  ['pubkeyacceptedkeytypes', 'PubkeyAcceptedAlgorithms'],
  ['hostbasedacceptedkeytypes', 'HostbasedAcceptedAlgorithms'],
  ['dsaauthentication', 'PubkeyAuthentication'],
  ['authorizedkeysfile2', 'AuthorizedKeysFile'],
]);

/** What sshd once knew and passes over now. */
export const withoutEffect = small(`KeyRegenerationInterval Protocol RhostsAuthentication RhostsRSAAuthentication
  RSAAuthentication ServerKeyBits UseLogin UsePrivilegeSeparation CheckMail PAMAuthenticationViaKBDInt`);

/** Other keywords that are known, though sshd of most systems has none of them. */
export const rare = small(
  'RDomain RefuseConnection PerSourcePenaltyExemptList SshdSessionPath SshdAuthPath DebianBanner',
);

/** What a Match line may ask for. */
export const criteria = small(
  'User Group Host LocalAddress LocalPort RDomain Address All Canonical Final Invalid-User',
);
