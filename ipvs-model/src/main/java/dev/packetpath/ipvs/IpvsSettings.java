package dev.packetpath.ipvs;

import static com.google.common.base.Preconditions.checkArgument;

import dev.packetpath.core.host.Sysctls;

/**
 * How ip_vs is set: what {@code sysctl net.ipv4.vs} and {@code ipvsadm --set} tell, and the kernel
 * that it runs in. Immutable.
 */
public final class IpvsSettings {
  /** A Linux 6.1.192 with its defaults, whose timers are never late. */
  public static final IpvsSettings DEFAULTS = new IpvsSettings();

  private static final String FOLDER = "net.ipv4.vs.";
  private static final int DEFAULT_TABLE_BITS = 12;
  private static final int UDP_SECONDS = 300;

  private final int[] values;
  private KernelFlavour flavour = KernelFlavour.TOTAL_CONNECTIONS;
  private ReuseRule reuseRule = ReuseRule.CONFIRMED;
  private int tableBits = DEFAULT_TABLE_BITS;
  private int ticksPerSecond;
  private int establishedSeconds = TcpState.ESTABLISHED.defaultSeconds();
  private int finWaitSeconds = TcpState.FIN_WAIT.defaultSeconds();
  private int udpSeconds = UDP_SECONDS;
  private long availablePages = Integer.MAX_VALUE;
  private boolean backup;

  private IpvsSettings() {
    IpvsSysctl[] all = IpvsSysctl.values();
    values = new int[all.length];
    for (IpvsSysctl sysctl : all) {
      values[sysctl.ordinal()] = sysctl.initial();
    }
  }

  private IpvsSettings(IpvsSettings other) {
    values = other.values.clone();
    flavour = other.flavour;
    reuseRule = other.reuseRule;
    tableBits = other.tableBits;
    ticksPerSecond = other.ticksPerSecond;
    establishedSeconds = other.establishedSeconds;
    finWaitSeconds = other.finWaitSeconds;
    udpSeconds = other.udpSeconds;
    availablePages = other.availablePages;
    backup = other.backup;
  }

  /**
   * Returns the defaults with what a host's settings say otherwise.
   *
   * @throws IllegalArgumentException if a setting is no number of 32 bits
   */
  public static IpvsSettings of(Sysctls sysctls) {
    IpvsSettings settings = new IpvsSettings();
    for (IpvsSysctl sysctl : IpvsSysctl.values()) {
      settings.values[sysctl.ordinal()] =
          (int)
              sysctls.number(
                  FOLDER + sysctl.key(), sysctl.initial(), Integer.MIN_VALUE, Integer.MAX_VALUE);
    }
    return settings;
  }

  /** Returns these settings with one of them changed. */
  public IpvsSettings with(IpvsSysctl sysctl, int value) {
    IpvsSettings changed = new IpvsSettings(this);
    changed.values[sysctl.ordinal()] = value;
    return changed;
  }

  /** Returns these settings for another kernel. */
  public IpvsSettings withFlavour(KernelFlavour flavour) {
    IpvsSettings changed = new IpvsSettings(this);
    changed.flavour = flavour;
    return changed;
  }

  /** Returns these settings for kernels that treat reused client ports otherwise. */
  public IpvsSettings withReuseRule(ReuseRule rule) {
    IpvsSettings changed = new IpvsSettings(this);
    changed.reuseRule = rule;
    return changed;
  }

  /**
   * Returns these settings with another size of the connection table.
   *
   * @param bits the module's parameter conn_tab_bits; the kernel takes 12 for what is not 8 to 27
   */
  public IpvsSettings withTableBits(int bits) {
    IpvsSettings changed = new IpvsSettings(this);
    changed.tableBits = bits < 8 || bits > 27 ? DEFAULT_TABLE_BITS : bits;
    return changed;
  }

  /**
   * Returns these settings with timers as late as those of a kernel.
   *
   * @param ticksPerSecond the kernel's CONFIG_HZ, such as 250; 0 for timers that are never late
   */
  public IpvsSettings withTicksPerSecond(int ticksPerSecond) {
    checkArgument(
        ticksPerSecond >= 0 && ticksPerSecond <= 1000,
        "ticks a second out of range 0..1000: %s",
        ticksPerSecond);
    IpvsSettings changed = new IpvsSettings(this);
    changed.ticksPerSecond = ticksPerSecond;
    return changed;
  }

  /**
   * Returns these settings with other timeouts, in seconds, as {@code ipvsadm --set}; 0 leaves one
   * as it is.
   */
  public IpvsSettings withTimeouts(int tcpSeconds, int tcpFinSeconds, int udpSeconds) {
    checkArgument(
        tcpSeconds >= 0 && tcpFinSeconds >= 0 && udpSeconds >= 0,
        "timeouts are 0 seconds or more, found %s %s %s",
        tcpSeconds,
        tcpFinSeconds,
        udpSeconds);
    IpvsSettings changed = new IpvsSettings(this);
    changed.establishedSeconds = tcpSeconds == 0 ? establishedSeconds : tcpSeconds;
    changed.finWaitSeconds = tcpFinSeconds == 0 ? finWaitSeconds : tcpFinSeconds;
    changed.udpSeconds = udpSeconds == 0 ? this.udpSeconds : udpSeconds;
    return changed;
  }

  /** Returns these settings with another amount of free memory, in pages; plenty by default. */
  public IpvsSettings withAvailablePages(long availablePages) {
    IpvsSettings changed = new IpvsSettings(this);
    changed.availablePages = availablePages;
    return changed;
  }

  /** Returns these settings with or without {@code ipvsadm --start-daemon backup}. */
  public IpvsSettings withBackup(boolean backup) {
    IpvsSettings changed = new IpvsSettings(this);
    changed.backup = backup;
    return changed;
  }

  /** Returns a setting. */
  public int get(IpvsSysctl sysctl) {
    return values[sysctl.ordinal()];
  }

  /** Returns whether a setting is not 0. */
  public boolean on(IpvsSysctl sysctl) {
    return values[sysctl.ordinal()] != 0;
  }

  /** Returns the kernel. */
  public KernelFlavour flavour() {
    return flavour;
  }

  /** Returns how the kernel treats reused client ports. */
  public ReuseRule reuseRule() {
    return reuseRule;
  }

  /** Returns the binary logarithm of the connection table's buckets, 8 to 27. */
  public int tableBits() {
    return tableBits;
  }

  /** Returns the kernel's ticks a second, 0 for timers that are never late. */
  public int ticksPerSecond() {
    return ticksPerSecond;
  }

  /** Returns the free memory in pages. */
  public long availablePages() {
    return availablePages;
  }

  /** Returns whether a daemon takes over the connections of another host. */
  public boolean isBackup() {
    return backup;
  }

  /** Returns how long an established TCP connection is kept, in seconds. */
  public int establishedSeconds() {
    return establishedSeconds;
  }

  /** Returns how long a TCP connection is kept that one end closes, in seconds. */
  public int finWaitSeconds() {
    return finWaitSeconds;
  }

  /** Returns how long a UDP connection is kept, in seconds. */
  public int udpSeconds() {
    return udpSeconds;
  }
}
