import type { SectionAbout } from './directives.ts';

/**
 * Which directives systemd's own daemons know in their configuration, and udev in .link files: facts of systemd 252, read from
 * its own tables and manual pages.
 */
export const linkSections: Readonly<Record<string, SectionAbout>> = {
  Match: {
    page: 'systemd.link',
    names: `
    Architecture Credential Driver Firmware Host KernelCommandLine KernelVersion Kind MACAddress OriginalName Path
    PermanentMACAddress Property Type Virtualization`,
  },
  Link: {
    page: 'systemd.link',
    names: `
    Advertise Alias AlternativeName AlternativeNamesPolicy AutoNegotiation AutoNegotiationFlowControl BitsPerSecond
    CoalescePacketRateHigh CoalescePacketRateLow CoalescePacketRateSampleIntervalSec CombinedChannels Description
    Duplex GenericReceiveOffload GenericReceiveOffloadHardware GenericSegmentOffloadMaxBytes
    GenericSegmentOffloadMaxSegments GenericSegmentationOffload LargeReceiveOffload MACAddress MACAddressPolicy MDI
    MTUBytes NTupleFilter Name NamePolicy OtherChannels Port ReceiveChecksumOffload ReceiveQueues
    ReceiveVLANCTAGFilter ReceiveVLANCTAGHardwareAcceleration RxBufferSize RxChannels RxCoalesceHighSec
    RxCoalesceIrqSec RxCoalesceLowSec RxCoalesceSec RxFlowControl RxJumboBufferSize RxMaxCoalescedFrames
    RxMaxCoalescedHighFrames RxMaxCoalescedIrqFrames RxMaxCoalescedLowFrames RxMiniBufferSize
    StatisticsBlockCoalesceSec TCP6SegmentationOffload TCPSegmentationOffload TransmitChecksumOffload
    TransmitQueueLength TransmitQueues TransmitVLANCTAGHardwareAcceleration TransmitVLANSTAGHardwareAcceleration
    TxBufferSize TxChannels TxCoalesceHighSec TxCoalesceIrqSec TxCoalesceLowSec TxCoalesceSec TxFlowControl
    TxMaxCoalescedFrames TxMaxCoalescedHighFrames TxMaxCoalescedIrqFrames TxMaxCoalescedLowFrames
    UDPSegmentationOffload UseAdaptiveRxCoalesce UseAdaptiveTxCoalesce WakeOnLan WakeOnLanPassword`,
  },
  'SR-IOV': {
    page: 'systemd.link',
    names: `
    LinkState MACAddress MACSpoofCheck QualityOfService QueryReceiveSideScaling Trust VLANId VLANProtocol
    VirtualFunction`,
  },
};

export const journaldSections: Readonly<Record<string, SectionAbout>> = {
  Journal: {
    page: 'journald.conf',
    names: `
    Audit Compress ForwardToConsole ForwardToKMsg ForwardToSyslog ForwardToWall LineMax MaxFileSec MaxLevelConsole
    MaxLevelKMsg MaxLevelStore MaxLevelSyslog MaxLevelWall MaxRetentionSec RateLimitBurst RateLimitInterval
    RateLimitIntervalSec ReadKMsg RuntimeKeepFree RuntimeMaxFileSize RuntimeMaxFiles RuntimeMaxUse Seal SplitMode
    Storage SyncIntervalSec SystemKeepFree SystemMaxFileSize SystemMaxFiles SystemMaxUse TTYPath`,
  },
};

export const resolvedSections: Readonly<Record<string, SectionAbout>> = {
  Resolve: {
    page: 'resolved.conf',
    names: `
    Cache CacheFromLocalhost DNS DNSOverTLS DNSSEC DNSStubListener DNSStubListenerExtra Domains FallbackDNS LLMNR
    MulticastDNS ReadEtcHosts ResolveUnicastSingleLabel`,
  },
};

export const timesyncdSections: Readonly<Record<string, SectionAbout>> = {
  Time: {
    page: 'timesyncd.conf',
    names: `
    ConnectionRetrySec FallbackNTP NTP PollIntervalMaxSec PollIntervalMinSec RootDistanceMaxSec SaveIntervalSec
    Servers`,
  },
};

export const logindSections: Readonly<Record<string, SectionAbout>> = {
  Login: {
    page: 'logind.conf',
    names: `
    HandleHibernateKey HandleHibernateKeyLongPress HandleLidSwitch HandleLidSwitchDocked
    HandleLidSwitchExternalPower HandlePowerKey HandlePowerKeyLongPress HandleRebootKey HandleRebootKeyLongPress
    HandleSuspendKey HandleSuspendKeyLongPress HibernateKeyIgnoreInhibited HoldoffTimeoutSec IdleAction
    IdleActionSec InhibitDelayMaxSec InhibitorsMax KillExcludeUsers KillOnlyUsers KillUserProcesses
    LidSwitchIgnoreInhibited NAutoVTs PowerKeyIgnoreInhibited RebootKeyIgnoreInhibited RemoveIPC ReserveVT
    RuntimeDirectoryInodesMax RuntimeDirectorySize SessionsMax StopIdleSessionSec SuspendKeyIgnoreInhibited
    UserStopDelaySec UserTasksMax`,
  },
};

export const networkdSections: Readonly<Record<string, SectionAbout>> = {
  Network: {
    page: 'networkd.conf',
    names: `
    ManageForeignRoutes ManageForeignRoutingPolicyRules RouteTable SpeedMeter SpeedMeterIntervalSec`,
  },
  DHCPv4: {
    page: 'networkd.conf',
    names: `
    DUIDRawData DUIDType`,
  },
  DHCPv6: {
    page: 'networkd.conf',
    names: `
    DUIDRawData DUIDType`,
  },
  DHCP: {
    page: 'networkd.conf',
    names: `
    DUIDRawData DUIDType`,
  },
};

export const managerSections: Readonly<Record<string, SectionAbout>> = {
  Manager: {
    page: 'systemd-system.conf',
    names: `
    CPUAffinity CapabilityBoundingSet CrashChVT CrashChangeVT CrashReboot CrashShell CtrlAltDelBurstAction
    DefaultBlockIOAccounting DefaultCPUAccounting DefaultDeviceTimeoutSec DefaultEnvironment DefaultIOAccounting
    DefaultIPAccounting DefaultLimitAS DefaultLimitCORE DefaultLimitCPU DefaultLimitDATA DefaultLimitFSIZE
    DefaultLimitLOCKS DefaultLimitMEMLOCK DefaultLimitMSGQUEUE DefaultLimitNICE DefaultLimitNOFILE DefaultLimitNPROC
    DefaultLimitRSS DefaultLimitRTPRIO DefaultLimitRTTIME DefaultLimitSIGPENDING DefaultLimitSTACK
    DefaultMemoryAccounting DefaultOOMPolicy DefaultOOMScoreAdjust DefaultRestartSec DefaultSmackProcessLabel
    DefaultStandardError DefaultStandardOutput DefaultStartLimitBurst DefaultStartLimitInterval
    DefaultStartLimitIntervalSec DefaultTasksAccounting DefaultTasksMax DefaultTimeoutAbortSec
    DefaultTimeoutStartSec DefaultTimeoutStopSec DefaultTimerAccuracySec DumpCore JoinControllers KExecWatchdogSec
    LogColor LogLevel LogLocation LogTarget LogTime ManagerEnvironment NUMAMask NUMAPolicy NoNewPrivileges
    RebootWatchdogSec RuntimeWatchdogPreGovernor RuntimeWatchdogPreSec RuntimeWatchdogSec ShowStatus
    ShutdownWatchdogSec StatusUnitFormat SystemCallArchitectures TimerSlackNSec WatchdogDevice`,
  },
};
