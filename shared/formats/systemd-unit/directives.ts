/**
 * Which directives systemd knows in which sections of unit files and of networkd's files, and where they are documented. Names
 * are facts of systemd 252, read from its own tables and manual pages; each list is parted by white space.
 */
export interface SectionAbout {
  /** The manual page that documents the section's own directives. */
  readonly page: string;
  readonly names: string;
  /** More directives, by the pages that sections share. */
  readonly also?: readonly SharedPage[];
}

export const sharedPages = {
  'systemd.exec': `
    AmbientCapabilities AppArmorProfile BindPaths BindReadOnlyPaths CPUAffinity CPUSchedulingPolicy
    CPUSchedulingPriority CPUSchedulingResetOnFork CacheDirectory CacheDirectoryMode CapabilityBoundingSet
    ConfigurationDirectory ConfigurationDirectoryMode CoredumpFilter DeviceAllow DevicePolicy DynamicUser
    Environment EnvironmentFile ExecPaths ExecSearchPath ExtensionDirectories ExtensionImages Group
    IOSchedulingClass IOSchedulingPriority IPCNamespacePath IgnoreSIGPIPE InaccessiblePaths KeyringMode LimitAS
    LimitCORE LimitCPU LimitDATA LimitFSIZE LimitLOCKS LimitMEMLOCK LimitMSGQUEUE LimitNICE LimitNOFILE LimitNPROC
    LimitRSS LimitRTPRIO LimitRTTIME LimitSIGPENDING LimitSTACK LoadCredential LoadCredentialEncrypted
    LockPersonality LogExtraFields LogLevelMax LogNamespace LogRateLimitBurst LogRateLimitIntervalSec LogsDirectory
    LogsDirectoryMode MemoryDenyWriteExecute MemoryMax MountAPIVFS MountFlags MountImages NUMAMask NUMAPolicy
    NetworkNamespacePath Nice NoExecPaths NoNewPrivileges OOMScoreAdjust PAMName PassEnvironment Personality
    PrivateDevices PrivateIPC PrivateMounts PrivateNetwork PrivateTmp PrivateUsers ProcSubset ProtectClock
    ProtectControlGroups ProtectHome ProtectHostname ProtectKernelLogs ProtectKernelModules ProtectKernelTunables
    ProtectProc ProtectSystem ReadOnlyPaths ReadWritePaths RemoveIPC RestrictAddressFamilies RestrictFileSystems
    RestrictNamespaces RestrictRealtime RestrictSUIDSGID RootDirectory RootHash RootHashSignature RootImage
    RootImageOptions RootVerity RuntimeDirectory RuntimeDirectoryMode RuntimeDirectoryPreserve SELinuxContext
    SecureBits SetCredential SetCredentialEncrypted SmackProcessLabel StandardError StandardInput StandardInputData
    StandardInputText StandardOutput StateDirectory StateDirectoryMode SupplementaryGroups SyslogFacility
    SyslogIdentifier SyslogLevel SyslogLevelPrefix SystemCallArchitectures SystemCallErrorNumber SystemCallFilter
    SystemCallLog TTYColumns TTYPath TTYReset TTYRows TTYVHangup TTYVTDisallocate TasksMax TemporaryFileSystem
    TimeoutCleanSec TimerSlackNSec UMask UnsetEnvironment User UtmpIdentifier UtmpMode WorkingDirectory`,
  'systemd.kill': `
    FinalKillSignal KillMode KillSignal RestartKillSignal SendSIGHUP SendSIGKILL WatchdogSignal`,
  'systemd.resource-control': `
    AllowedCPUs AllowedMemoryNodes BPFProgram BlockIOAccounting BlockIODeviceWeight BlockIOReadBandwidth
    BlockIOWeight BlockIOWriteBandwidth CPUAccounting CPUQuota CPUQuotaPeriodSec CPUShares CPUWeight
    DefaultMemoryLow DefaultMemoryMin Delegate DisableControllers IOAccounting IODeviceLatencyTargetSec
    IODeviceWeight IOReadBandwidthMax IOReadIOPSMax IOWeight IOWriteBandwidthMax IOWriteIOPSMax IPAccounting
    IPAddressAllow IPAddressDeny IPEgressFilterPath IPIngressFilterPath ManagedOOMMemoryPressure
    ManagedOOMMemoryPressureLimit ManagedOOMPreference ManagedOOMSwap MemoryAccounting MemoryHigh MemoryLimit
    MemoryLow MemoryMin MemorySwapMax RestrictNetworkInterfaces Slice SocketBindAllow SocketBindDeny
    StartupAllowedCPUs StartupAllowedMemoryNodes StartupBlockIOWeight StartupCPUShares StartupCPUWeight
    StartupIOWeight TasksAccounting`,
} as const;
type SharedPage = keyof typeof sharedPages;

const runs: readonly SharedPage[] = ['systemd.exec', 'systemd.kill', 'systemd.resource-control'];

export const unitSections: Readonly<Record<string, SectionAbout>> = {
  Unit: {
    page: 'systemd.unit',
    names: `
    After AllowIsolate AssertACPower AssertArchitecture AssertCPUFeature AssertCPUPressure AssertCPUs
    AssertCapability AssertControlGroupController AssertCredential AssertDirectoryNotEmpty AssertEnvironment
    AssertFileIsExecutable AssertFileNotEmpty AssertFirstBoot AssertGroup AssertHost AssertIOPressure
    AssertKernelCommandLine AssertKernelVersion AssertMemory AssertMemoryPressure AssertNeedsUpdate AssertOSRelease
    AssertPathExists AssertPathExistsGlob AssertPathIsDirectory AssertPathIsEncrypted AssertPathIsMountPoint
    AssertPathIsReadWrite AssertPathIsSymbolicLink AssertSecurity AssertUser AssertVirtualization Before BindsTo
    CollectMode ConditionACPower ConditionArchitecture ConditionCPUFeature ConditionCPUPressure ConditionCPUs
    ConditionCapability ConditionControlGroupController ConditionCredential ConditionDirectoryNotEmpty
    ConditionEnvironment ConditionFileIsExecutable ConditionFileNotEmpty ConditionFirmware ConditionFirstBoot
    ConditionGroup ConditionHost ConditionIOPressure ConditionKernelCommandLine ConditionKernelVersion
    ConditionMemory ConditionMemoryPressure ConditionNeedsUpdate ConditionOSRelease ConditionPathExists
    ConditionPathExistsGlob ConditionPathIsDirectory ConditionPathIsEncrypted ConditionPathIsMountPoint
    ConditionPathIsReadWrite ConditionPathIsSymbolicLink ConditionSecurity ConditionUser ConditionVirtualization
    Conflicts DefaultDependencies Description Documentation FailureAction FailureActionExitStatus IgnoreOnIsolate
    JobRunningTimeoutSec JobTimeoutAction JobTimeoutRebootArgument JobTimeoutSec JoinsNamespaceOf OnFailure
    OnFailureJobMode OnSuccess OnSuccessJobMode PartOf PropagatesReloadTo PropagatesStopTo RebootArgument
    RefuseManualStart RefuseManualStop ReloadPropagatedFrom Requires RequiresMountsFor Requisite SourcePath
    StartLimitAction StartLimitBurst StartLimitIntervalSec StopPropagatedFrom StopWhenUnneeded SuccessAction
    SuccessActionExitStatus Upholds Wants`,
  },
  Install: {
    page: 'systemd.unit',
    names: `
    Alias Also DefaultInstance RequiredBy WantedBy`,
  },
  Service: {
    page: 'systemd.service',
    names: `
    BusName ExecCondition ExecReload ExecStart ExecStartPost ExecStartPre ExecStop ExecStopPost ExitType
    FileDescriptorStoreMax GuessMainPID NonBlocking NotifyAccess OOMPolicy PIDFile RemainAfterExit Restart
    RestartForceExitStatus RestartPreventExitStatus RestartSec RootDirectoryStartOnly RuntimeMaxSec
    RuntimeRandomizedExtraSec Sockets StartLimitBurst SuccessExitStatus TimeoutAbortSec TimeoutSec
    TimeoutStartFailureMode TimeoutStartSec TimeoutStopFailureMode TimeoutStopSec Type USBFunctionDescriptors
    USBFunctionStrings WatchdogSec`,
    also: runs,
  },
  Socket: {
    page: 'systemd.socket',
    names: `
    Accept Backlog BindIPv6Only BindToDevice Broadcast DeferAcceptSec DirectoryMode ExecStartPost ExecStartPre
    ExecStopPost ExecStopPre FileDescriptorName FlushPending FreeBind IPTOS IPTTL KeepAlive KeepAliveIntervalSec
    KeepAliveProbes KeepAliveTimeSec ListenDatagram ListenFIFO ListenMessageQueue ListenNetlink
    ListenSequentialPacket ListenSpecial ListenStream ListenUSBFunction Mark MaxConnections MaxConnectionsPerSource
    MessageQueueMaxMessages MessageQueueMessageSize NoDelay PassCredentials PassPacketInfo PassSecurity PipeSize
    Priority ReceiveBuffer RemoveOnStop ReusePort SELinuxContextFromNet SendBuffer Service SmackLabel SmackLabelIPIn
    SmackLabelIPOut SocketGroup SocketMode SocketProtocol SocketUser Symlinks TCPCongestion TimeoutSec Timestamping
    Transparent TriggerLimitBurst TriggerLimitIntervalSec Writable`,
    also: runs,
  },
  Timer: {
    page: 'systemd.timer',
    names: `
    AccuracySec FixedRandomDelay OnActiveSec OnBootSec OnCalendar OnClockChange OnStartupSec OnTimezoneChange
    OnUnitActiveSec OnUnitInactiveSec Persistent RandomizedDelaySec RemainAfterElapse Unit WakeSystem`,
  },
  Mount: {
    page: 'systemd.mount',
    names: `
    DirectoryMode ForceUnmount LazyUnmount Options ReadWriteOnly SloppyOptions TimeoutSec Type What Where`,
    also: runs,
  },
  Automount: {
    page: 'systemd.automount',
    names: `
    DirectoryMode ExtraOptions TimeoutIdleSec Where`,
  },
  Swap: {
    page: 'systemd.swap',
    names: `
    Options Priority TimeoutSec What`,
    also: runs,
  },
  Path: {
    page: 'systemd.path',
    names: `
    DirectoryMode DirectoryNotEmpty MakeDirectory PathChanged PathExists PathExistsGlob PathModified
    TriggerLimitBurst TriggerLimitIntervalSec Unit`,
  },
  Scope: {
    page: 'systemd.scope',
    names: `
    OOMPolicy RuntimeMaxSec RuntimeRandomizedExtraSec`,
    also: ['systemd.kill', 'systemd.resource-control'],
  },
  Slice: {
    page: 'systemd.slice',
    names: `
`,
    also: ['systemd.resource-control'],
  },
};

export const networkSections: Readonly<Record<string, SectionAbout>> = {
  'SR-IOV': {
    page: 'systemd.network',
    names: `LinkState MACAddress MACSpoofCheck QualityOfService QueryReceiveSideScaling Trust VLANId VLANProtocol VirtualFunction`,
  },
  Address: {
    page: 'systemd.network',
    names: `
    AddPrefixRoute Address AutoJoin Broadcast DuplicateAddressDetection HomeAddress Label ManageTemporaryAddress
    NetLabel Peer PreferredLifetime PrefixRoute RouteMetric Scope`,
  },
  BFIFO: {
    page: 'systemd.network',
    names: `
    Handle LimitBytes Parent`,
  },
  Bridge: {
    page: 'systemd.network',
    names: `
    AgeingTimeSec AllowPortToBeRoot Cost DefaultPVID FastLeave ForwardDelaySec GroupForwardMask HairPin HelloTimeSec
    Isolated Learning MaxAgeSec MulticastFlood MulticastIGMPVersion MulticastQuerier MulticastRouter
    MulticastSnooping MulticastToUnicast NeighborSuppression Priority ProxyARP ProxyARPWiFi STP UnicastFlood UseBPDU
    VLANFiltering VLANProtocol`,
  },
  BridgeFDB: {
    page: 'systemd.network',
    names: `
    AssociatedWith Destination MACAddress OutgoingInterface VLANId VNI`,
  },
  BridgeMDB: {
    page: 'systemd.network',
    names: `
    MulticastGroupAddress VLANId`,
  },
  BridgeVLAN: {
    page: 'systemd.network',
    names: `
    EgressUntagged PVID VLAN`,
  },
  CAKE: {
    page: 'systemd.network',
    names: `
    AutoRateIngress Bandwidth CompensationMode FirewallMark FlowIsolationMode Handle MPUBytes NAT OverheadBytes
    Parent PriorityQueueingPreset SplitGSO UseRawPacketSize Wash`,
  },
  CAN: {
    page: 'systemd.network',
    names: `
    BitRate BusErrorReporting ClassicDataLengthCode DataBitRate DataPhaseBufferSegment1 DataPhaseBufferSegment2
    DataPropagationSegment DataSamplePoint DataSyncJumpWidth DataTimeQuantaNSec FDMode FDNonISO ListenOnly Loopback
    OneShot PhaseBufferSegment1 PhaseBufferSegment2 PresumeACK PropagationSegment RestartSec SamplePoint
    SyncJumpWidth Termination TimeQuantaNSec TripleSampling`,
  },
  ControlledDelay: {
    page: 'systemd.network',
    names: `
    CEThresholdSec ECN Handle IntervalSec PacketLimit Parent TargetSec`,
  },
  DHCPPrefixDelegation: {
    page: 'systemd.network',
    names: `
    Announce Assign ManageTemporaryAddress NetLabel RouteMetric SubnetId Token UplinkInterface`,
  },
  DHCPServer: {
    page: 'systemd.network',
    names: `
    BindToInterface BootFilename BootServerAddress BootServerName DNS DefaultLeaseTimeSec EmitDNS EmitLPR EmitNTP
    EmitPOP3 EmitRouter EmitSIP EmitSMTP EmitTimezone LPR MaxLeaseTimeSec NTP POP3 PoolOffset PoolSize
    RelayAgentCircuitId RelayAgentRemoteId RelayTarget Router SIP SMTP SendOption SendVendorOption ServerAddress
    Timezone UplinkInterface`,
  },
  DHCPServerStaticLease: {
    page: 'systemd.network',
    names: `
    Address MACAddress`,
  },
  DHCPv4: {
    page: 'systemd.network',
    names: `
    AllowList Anonymize BlackList ClientIdentifier CriticalConnection DUIDRawData DUIDType DenyList
    FallbackLeaseLifetimeSec Hostname IAID IPServiceType Label ListenPort MUDURL MaxAttempts NetLabel
    RequestBroadcast RequestOptions RouteMTUBytes RouteMetric RouteTable RoutesToDNS RoutesToNTP SendDecline
    SendHostname SendOption SendRelease SendVendorOption Use6RD UseDNS UseDomainName UseDomains UseGateway
    UseHostname UseMTU UseNTP UseRoutes UseSIP UseTimezone UserClass VendorClassIdentifier`,
  },
  DHCPv6: {
    page: 'systemd.network',
    names: `
    DUIDRawData DUIDType ForceDHCPv6PDOtherInformation IAID MUDURL NetLabel PrefixDelegationHint RapidCommit
    RequestOptions RouteMetric SendOption SendVendorOption UseAddress UseDNS UseDelegatedPrefix UseDomains
    UseHostname UseNTP UserClass VendorClass WithoutRA`,
  },
  DeficitRoundRobinScheduler: {
    page: 'systemd.network',
    names: `
    Handle Parent`,
  },
  DeficitRoundRobinSchedulerClass: {
    page: 'systemd.network',
    names: `
    ClassId Parent QuantumBytes`,
  },
  EnhancedTransmissionSelection: {
    page: 'systemd.network',
    names: `
    Bands Handle Parent PriorityMap QuantumBytes StrictBands`,
  },
  FairQueueing: {
    page: 'systemd.network',
    names: `
    Buckets CEThresholdSec FlowLimit InitialQuantum InitialQuantumBytes MaximumRate OrphanMask Pacing PacketLimit
    Quantum QuantumBytes`,
  },
  FairQueueingControlledDelay: {
    page: 'systemd.network',
    names: `
    CEThresholdSec ECN Flows Handle IntervalSec MemoryLimit MemoryLimitBytes PacketLimit Parent Quantum QuantumBytes
    TargetSec`,
  },
  FlowQueuePIE: {
    page: 'systemd.network',
    names: `
    Handle PacketLimit Parent`,
  },
  GenericRandomEarlyDetection: {
    page: 'systemd.network',
    names: `
    DefaultVirtualQueue GenericRIO Handle Parent VirtualQueues`,
  },
  HeavyHitterFilter: {
    page: 'systemd.network',
    names: `
    Handle PacketLimit Parent`,
  },
  HierarchyTokenBucket: {
    page: 'systemd.network',
    names: `
    DefaultClass Handle Parent RateToQuantum`,
  },
  HierarchyTokenBucketClass: {
    page: 'systemd.network',
    names: `
    BufferBytes CeilBufferBytes CeilRate ClassId MTUBytes OverheadBytes Parent Priority QuantumBytes Rate`,
  },
  IPoIB: {
    page: 'systemd.network',
    names: `
    IgnoreUserspaceMulticastGroups Mode PartitionKey`,
  },
  IPv6AcceptRA: {
    page: 'systemd.network',
    names: `
    BlackList DHCPv6Client DenyList NetLabel PrefixAllowList PrefixDenyList RouteAllowList RouteDenyList RouteMetric
    RouteTable RouterAllowList RouterDenyList Token UseAutonomousPrefix UseDNS UseDomains UseGateway UseMTU
    UseOnLinkPrefix UseRoutePrefix`,
  },
  IPv6AddressLabel: {
    page: 'systemd.network',
    names: `
    Label Prefix`,
  },
  IPv6Prefix: {
    page: 'systemd.network',
    names: `
    AddressAutoconfiguration Assign OnLink PreferredLifetimeSec Prefix RouteMetric Token ValidLifetimeSec`,
  },
  IPv6RoutePrefix: {
    page: 'systemd.network',
    names: `
    LifetimeSec Route`,
  },
  IPv6SendRA: {
    page: 'systemd.network',
    names: `
    DNS DNSLifetimeSec Domains EmitDNS EmitDomains Managed OtherInformation RouterLifetimeSec RouterPreference
    UplinkInterface`,
  },
  LLDP: {
    page: 'systemd.network',
    names: `
    MUDURL`,
  },
  Link: {
    page: 'systemd.network',
    names: `
    ARP ActivationPolicy AllMulticast Group MACAddress MTUBytes Multicast Promiscuous RequiredFamilyForOnline
    RequiredForOnline Unmanaged`,
  },
  Match: {
    page: 'systemd.network',
    names: `
    Architecture BSSID Credential Driver Firmware Host KernelCommandLine KernelVersion Kind MACAddress Name Path
    PermanentMACAddress Property SSID Type Virtualization WLANInterfaceType`,
  },
  Neighbor: {
    page: 'systemd.network',
    names: `
    Address LinkLayerAddress MACAddress`,
  },
  Network: {
    page: 'systemd.network',
    names: `
    ActiveSlave Address BatmanAdvanced BindCarrier Bond Bridge ConfigureWithoutCarrier DHCP DHCPPrefixDelegation
    DHCPServer DHCPv6PrefixDelegation DNS DNSDefaultRoute DNSOverTLS DNSSEC DNSSECNegativeTrustAnchors
    DefaultRouteOnDevice Description Domains EmitLLDP Gateway IPForward IPMasquerade IPVLAN IPVTAP IPoIB
    IPv4AcceptLocal IPv4LL IPv4LLRoute IPv4LLStartAddress IPv4ProxyARP IPv4RouteLocalnet IPv6AcceptRA
    IPv6AcceptRouterAdvertisements IPv6DuplicateAddressDetection IPv6HopLimit IPv6LinkLocalAddressGenerationMode
    IPv6MTUBytes IPv6PrefixDelegation IPv6PrivacyExtensions IPv6ProxyNDP IPv6ProxyNDPAddress IPv6SendRA
    IPv6StableSecretAddress IPv6Token IgnoreCarrierLoss KeepConfiguration KeepMaster L2TP LLDP LLMNR
    LinkLocalAddressing MACVLAN MACVTAP MACsec ManageForeignRoutes ManageForeignRoutingPolicyRules MulticastDNS NTP
    PrimarySlave ProxyARP RouteTable SpeedMeter SpeedMeterIntervalSec Tunnel VLAN VRF VXLAN Xfrm`,
  },
  NetworkEmulator: {
    page: 'systemd.network',
    names: `
    DelayJitterSec DelaySec DuplicateRate Handle LossRate PacketLimit Parent`,
  },
  NextHop: {
    page: 'systemd.network',
    names: `
    Blackhole Family Gateway Group Id OnLink`,
  },
  PFIFO: {
    page: 'systemd.network',
    names: `
    Handle PacketLimit Parent`,
  },
  PFIFOFast: {
    page: 'systemd.network',
    names: `
    Handle Parent`,
  },
  PFIFOHeadDrop: {
    page: 'systemd.network',
    names: `
    Handle PacketLimit Parent`,
  },
  QDisc: {
    page: 'systemd.network',
    names: `
    Handle Parent`,
  },
  QuickFairQueueing: {
    page: 'systemd.network',
    names: `
    Handle Parent`,
  },
  QuickFairQueueingClass: {
    page: 'systemd.network',
    names: `
    ClassId MaxPacketBytes Parent Weight`,
  },
  Route: {
    page: 'systemd.network',
    names: `
    Destination FastOpenNoCookie Gateway GatewayOnLink GatewayOnlink IPv6Preference InitialAdvertisedReceiveWindow
    InitialCongestionWindow MTUBytes Metric MultiPathRoute NextHop PreferredSource Protocol QuickAck Scope Source
    TCPAdvertisedMaximumSegmentSize TCPCongestionControlAlgorithm TTLPropagate Table Type`,
  },
  RoutingPolicyRule: {
    page: 'systemd.network',
    names: `
    DestinationPort Family FirewallMark From IPProtocol IncomingInterface InvertRule OutgoingInterface Priority
    SourcePort SuppressInterfaceGroup SuppressPrefixLength Table To Type TypeOfService User`,
  },
  StochasticFairBlue: {
    page: 'systemd.network',
    names: `
    Handle PacketLimit Parent`,
  },
  StochasticFairnessQueueing: {
    page: 'systemd.network',
    names: `
    Handle Parent PerturbPeriodSec`,
  },
  TokenBucketFilter: {
    page: 'systemd.network',
    names: `
    Burst BurstBytes Handle LatencySec LimitBytes LimitSize MPUBytes MTUBytes Parent PeakRate Rate`,
  },
  TrivialLinkEqualizer: {
    page: 'systemd.network',
    names: `
    Handle Id Parent`,
  },
};

export const netdevSections: Readonly<Record<string, SectionAbout>> = {
  BareUDP: {
    page: 'systemd.netdev',
    names: `
    DestinationPort EtherType`,
  },
  BatmanAdvanced: {
    page: 'systemd.netdev',
    names: `
    Aggregation BridgeLoopAvoidance DistributedArpTable Fragmentation GatewayBandwidthDown GatewayBandwidthUp
    GatewayBandwithDown GatewayBandwithUp GatewayMode HopPenalty OriginatorIntervalSec RoutingAlgorithm`,
  },
  Bond: {
    page: 'systemd.netdev',
    names: `
    ARPAllTargets ARPIPTargets ARPIntervalSec ARPValidate AdActorSystem AdActorSystemPriority AdSelect AdUserPortKey
    AllSlavesActive DownDelaySec DynamicTransmitLoadBalancing FailOverMACPolicy GratuitousARP LACPTransmitRate
    LearnPacketIntervalSec MIIMonitorSec MinLinks Mode PacketsPerSlave PrimaryReselectPolicy ResendIGMP
    TransmitHashPolicy UpDelaySec`,
  },
  Bridge: {
    page: 'systemd.netdev',
    names: `
    AgeingTimeSec AllowPortToBeRoot Cost DefaultPVID FastLeave ForwardDelaySec GroupForwardMask HairPin HelloTimeSec
    Isolated Learning MaxAgeSec MulticastFlood MulticastIGMPVersion MulticastQuerier MulticastRouter
    MulticastSnooping MulticastToUnicast NeighborSuppression Priority ProxyARP ProxyARPWiFi STP UnicastFlood UseBPDU
    VLANFiltering VLANProtocol`,
  },
  FooOverUDP: {
    page: 'systemd.netdev',
    names: `
    Encapsulation Local Peer PeerPort Port Protocol`,
  },
  GENEVE: {
    page: 'systemd.netdev',
    names: `
    DestinationPort FlowLabel IPDoNotFragment Id Remote TOS TTL UDP6ZeroCheckSumRx UDP6ZeroCheckSumTx
    UDP6ZeroChecksumRx UDP6ZeroChecksumTx UDPChecksum`,
  },
  IPVLAN: {
    page: 'systemd.netdev',
    names: `
    Flags Mode`,
  },
  IPVTAP: {
    page: 'systemd.netdev',
    names: `
    Flags Mode`,
  },
  IPoIB: {
    page: 'systemd.netdev',
    names: `
    IgnoreUserspaceMulticastGroups Mode PartitionKey`,
  },
  L2TP: {
    page: 'systemd.netdev',
    names: `
    EncapsulationType Local PeerTunnelId Remote TunnelId UDP6CheckSumRx UDP6CheckSumTx UDPCheckSum
    UDPDestinationPort UDPSourcePort`,
  },
  L2TPSession: {
    page: 'systemd.netdev',
    names: `
    Layer2SpecificHeader Name PeerSessionId SessionId`,
  },
  MACVLAN: {
    page: 'systemd.netdev',
    names: `
    BroadcastMulticastQueueLength Mode SourceMACAddress`,
  },
  MACVTAP: {
    page: 'systemd.netdev',
    names: `
    Mode SourceMACAddress`,
  },
  MACsec: {
    page: 'systemd.netdev',
    names: `
    Encrypt Port`,
  },
  MACsecReceiveAssociation: {
    page: 'systemd.netdev',
    names: `
    Activate Key KeyFile KeyId MACAddress PacketNumber Port`,
  },
  MACsecReceiveChannel: {
    page: 'systemd.netdev',
    names: `
    MACAddress Port`,
  },
  MACsecTransmitAssociation: {
    page: 'systemd.netdev',
    names: `
    Activate Key KeyFile KeyId PacketNumber UseForEncoding`,
  },
  Match: {
    page: 'systemd.netdev',
    names: `
    Architecture BSSID Credential Driver Firmware Host KernelCommandLine KernelVersion Kind MACAddress Name Path
    PermanentMACAddress Property SSID Type Virtualization WLANInterfaceType`,
  },
  NetDev: {
    page: 'systemd.netdev',
    names: `
    Description Kind MACAddress MTUBytes Name`,
  },
  Peer: {
    page: 'systemd.netdev',
    names: `
    MACAddress Name`,
  },
  Tap: {
    page: 'systemd.netdev',
    names: `
    Group KeepCarrier MultiQueue OneQueue PacketInfo User VNetHeader`,
  },
  Tun: {
    page: 'systemd.netdev',
    names: `
    Group KeepCarrier MultiQueue OneQueue PacketInfo User VNetHeader`,
  },
  Tunnel: {
    page: 'systemd.netdev',
    names: `
    AllowLocalRemote AssignToLoopback CopyDSCP DiscoverPathMTU ERSPANDirection ERSPANHardwareId ERSPANIndex
    ERSPANVersion Encapsulation EncapsulationLimit External FOUDestinationPort FOUSourcePort FooOverUDP
    IPv6FlowLabel IPv6RapidDeploymentPrefix ISATAP Independent InputKey Key Local Mode OutputKey Remote
    SerializeTunneledPackets TOS TTL`,
  },
  VLAN: {
    page: 'systemd.netdev',
    names: `
    EgressQOSMaps GVRP Id IngressQOSMaps LooseBinding MVRP Protocol ReorderHeader`,
  },
  VRF: {
    page: 'systemd.netdev',
    names: `
    Table TableId`,
  },
  VXCAN: {
    page: 'systemd.netdev',
    names: `
    Peer`,
  },
  VXLAN: {
    page: 'systemd.netdev',
    names: `
    ARPProxy DestinationPort FDBAgeingSec FlowLabel GenericProtocolExtension Group GroupPolicyExtension
    IPDoNotFragment Id Independent L2MissNotification L3MissNotification Local MacLearning MaximumFDBEntries
    PortRange ReduceARPProxy Remote RemoteChecksumRx RemoteChecksumTx RouteShortCircuit TOS TTL UDP6ZeroCheckSumRx
    UDP6ZeroCheckSumTx UDP6ZeroChecksumRx UDP6ZeroChecksumTx UDPCheckSum UDPChecksum VNI`,
  },
  WLAN: {
    page: 'systemd.netdev',
    names: `
    PhysicalDevice Type WDS`,
  },
  WireGuard: {
    page: 'systemd.netdev',
    names: `
    FirewallMark FwMark ListenPort PrivateKey PrivateKeyFile RouteMetric RouteTable`,
  },
  WireGuardPeer: {
    page: 'systemd.netdev',
    names: `
    AllowedIPs Endpoint PersistentKeepalive PresharedKey PresharedKeyFile PublicKey RouteMetric RouteTable`,
  },
  Xfrm: {
    page: 'systemd.netdev',
    names: `
    Independent InterfaceId`,
  },
};
