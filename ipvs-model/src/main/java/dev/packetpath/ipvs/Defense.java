package dev.packetpath.ipvs;

import dev.packetpath.core.Decisions;
import dev.packetpath.core.VirtualClock;
import dev.packetpath.core.net.IpProtocol;

/**
 * What ip_vs does against a shortage of memory, looked at each second, or as late as the timer for
 * it fires (with 100 ticks a second each 1.04 s): it drops some of the new connections, drops
 * connections that may be idle, and takes strict TCP states (update_defense_level of
 * net/netfilter/ipvs/ip_vs_ctl.c and ip_vs_random_dropentry of ip_vs_conn.c, Linux 6.1).
 */
final class Defense {
  private static final int AUTOMATIC = 1;
  private static final int AUTOMATIC_ON = 2;
  private static final int ALWAYS = 3;
  private static final long PERIOD_NS = VirtualClock.NS_PER_SECOND;
  private static final long MIN_AGE_NS = 60 * VirtualClock.NS_PER_SECOND;
  private static final int MOST_PACKETS = 8;
  private static final long SITE = Defense.class.getName().hashCode();

  private final SettingsHolder settings;
  private final Decisions decisions;
  private final TimerWheel wheel;
  private final int[] entryCounters = new int[MOST_PACKETS + 1];
  private int dropRate;
  private int dropCounter;
  private boolean dropsEntries;
  private boolean tcpSecure;
  private long nextRoundNs = Long.MAX_VALUE;

  Defense(SettingsHolder settings, Decisions decisions, TimerWheel wheel) {
    this.settings = settings;
    this.decisions = decisions;
    this.wheel = wheel;
  }

  /** Looks at settings and memory at once, as the kernel does when a setting is written. */
  void settingsChanged(long nowNs) {
    boolean idle = nextRoundNs == Long.MAX_VALUE;
    update();
    boolean watches =
        settings.on(IpvsSysctl.DROP_ENTRY)
            || settings.on(IpvsSysctl.DROP_PACKET)
            || settings.on(IpvsSysctl.SECURE_TCP);
    if (!watches) {
      nextRoundNs = Long.MAX_VALUE;
    } else if (idle) {
      nextRoundNs = wheel.firesAtNs(nowNs, PERIOD_NS);
    }
  }

  private void update() {
    IpvsSettings now = settings.get();
    long threshold = now.get(IpvsSysctl.AMEMTHRESH);
    boolean isShort = now.availablePages() < threshold;
    dropsEntries = applies(now.get(IpvsSysctl.DROP_ENTRY), isShort);
    tcpSecure = applies(now.get(IpvsSysctl.SECURE_TCP), isShort);
    int dropPacket = now.get(IpvsSysctl.DROP_PACKET);
    if (!applies(dropPacket, isShort)) {
      dropRate = 0;
    } else if (dropPacket == ALWAYS) {
      dropRate = now.get(IpvsSysctl.AM_DROPRATE);
    } else {
      dropRate = (int) (threshold / (threshold - now.availablePages()));
      dropCounter = dropRate;
    }
  }

  private static boolean applies(int mode, boolean isShort) {
    return mode == ALWAYS || ((mode == AUTOMATIC || mode == AUTOMATIC_ON) && isShort);
  }

  /** Returns whether the strict TCP states are in force. */
  boolean isTcpSecure() {
    return tcpSecure;
  }

  /** Returns whether a new connection is to be dropped (ip_vs_todrop). */
  boolean dropsNewConnection() {
    if (dropRate == 0) {
      return false;
    }
    dropCounter--;
    if (dropCounter > 0) {
      return false;
    }
    dropCounter = dropRate;
    return true;
  }

  /** Returns when the defense is looked at next. */
  long nextRoundNs() {
    return nextRoundNs;
  }

  void runRound(ConnectionLife life) {
    long nowNs = nextRoundNs;
    update();
    if (dropsEntries) {
      dropEntries(life, nowNs);
    }
    nextRoundNs = wheel.firesAtNs(nowNs, PERIOD_NS);
  }

  private void dropEntries(ConnectionLife life, long nowNs) {
    int buckets = life.table().buckets();
    for (int i = 0; i < buckets >> 5; i++) {
      int bucket = decisions.bits(SITE) & (buckets - 1);
      IpvsConnection connection = life.table().head(bucket);
      while (connection.exists()) {
        IpvsConnection next = connection.nextInBucket;
        if (connection.isLive() && connection.controlled() == 0 && drops(connection, nowNs)) {
          life.delete(connection);
        }
        connection = next;
      }
    }
  }

  private boolean drops(IpvsConnection connection, long nowNs) {
    if (connection.isTemplate()) {
      return connection.server().servesOnePacket()
          ? dropsIdle(connection, nowNs)
          : !connection.isAssured();
    }
    return switch (connection.protocol()) {
      case IpProtocol.TCP ->
          switch (TcpState.of(connection.state())) {
            case SYN_RECV, SYNACK -> true;
            case ESTABLISHED -> dropsIdle(connection, nowNs);
            default -> false;
          };
      case IpProtocol.SCTP ->
          switch (SctpState.of(connection.state())) {
            case INIT1, INIT -> true;
            case ESTABLISHED -> dropsIdle(connection, nowNs);
            default -> false;
          };
      default -> dropsIdle(connection, nowNs);
    };
  }

  /** Of connections without a packet for a minute and with i packets before, each i-th. */
  private boolean dropsIdle(IpvsConnection connection, long nowNs) {
    int packets = connection.inPackets();
    if (connection.timeoutNs + nowNs < connection.expiresAtNs + MIN_AGE_NS
        || packets < 1
        || packets > MOST_PACKETS) {
      return false;
    }
    entryCounters[packets]--;
    if (entryCounters[packets] > 0) {
      return false;
    }
    entryCounters[packets] = packets;
    return true;
  }
}
