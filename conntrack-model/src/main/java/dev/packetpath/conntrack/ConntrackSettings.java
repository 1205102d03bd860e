package dev.packetpath.conntrack;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.packetpath.core.host.Sysctls;

/**
 * The settings of connection tracking, {@code net.netfilter.nf_conntrack_*}. Immutable.
 *
 * <p>Defaults are those of Linux 6.1 on a machine with more than 4 GiB.
 */
public final class ConntrackSettings {
  /** The kernel's defaults, with accounting on. */
  public static final ConntrackSettings DEFAULTS = builder().build();

  private static final String PREFIX = "net.netfilter.nf_conntrack_";

  private final boolean accounting;
  private final boolean checksum;
  private final boolean tcpLoose;
  private final boolean tcpBeLiberal;
  private final boolean tcpIgnoreInvalidRst;
  private final int tcpMaxRetrans;
  private final long max;
  private final int buckets;
  private final long hashSeed;
  private final long[] seconds;

  private ConntrackSettings(Builder builder) {
    this.accounting = builder.accounting;
    this.checksum = builder.checksum;
    this.tcpLoose = builder.tcpLoose;
    this.tcpBeLiberal = builder.tcpBeLiberal;
    this.tcpIgnoreInvalidRst = builder.tcpIgnoreInvalidRst;
    this.tcpMaxRetrans = builder.tcpMaxRetrans;
    this.max = builder.max;
    this.buckets = builder.buckets;
    this.hashSeed = builder.hashSeed;
    this.seconds = builder.seconds.clone();
  }

  /** Returns a builder that holds the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Returns what a node's settings say, the kernel's defaults where they are silent. Accounting is
   * on if there are no settings at all.
   *
   * @throws IllegalArgumentException if a value is no number, negative or too large
   */
  public static ConntrackSettings of(Sysctls sysctls) {
    Builder builder =
        builder()
            .accounting(sysctls.flag(PREFIX + "acct", sysctls.asMap().isEmpty()))
            .checksum(sysctls.flag(PREFIX + "checksum", true))
            .tcpLoose(sysctls.flag(PREFIX + "tcp_loose", true))
            .tcpBeLiberal(sysctls.flag(PREFIX + "tcp_be_liberal", false))
            .tcpIgnoreInvalidRst(sysctls.flag(PREFIX + "tcp_ignore_invalid_rst", false))
            .tcpMaxRetrans((int) sysctls.number(PREFIX + "tcp_max_retrans", 3, 0, 255))
            .buckets((int) sysctls.number(PREFIX + "buckets", 262_144, 1, BucketCells.MAX_BUCKETS))
            .max(sysctls.number(PREFIX + "max", max(sysctls), 0, Long.MAX_VALUE));
    for (Timeout timeout : Timeout.values()) {
      if (!timeout.setting().isEmpty()) {
        builder.seconds(
            timeout,
            sysctls.number(timeout.setting(), timeout.defaultSeconds(), 0, Timeout.MAX_SECONDS));
      }
    }
    return builder.build();
  }

  private static long max(Sysctls sysctls) {
    return sysctls.number("net.nf_conntrack_max", 262_144, 0, Long.MAX_VALUE);
  }

  /** Returns whether packets and bytes are counted ({@code acct}). */
  public boolean accounting() {
    return accounting;
  }

  /** Returns whether checksums are looked at in PREROUTING. */
  public boolean checksum() {
    return checksum;
  }

  /** Returns whether a TCP connection may be picked up in its middle. */
  public boolean tcpLoose() {
    return tcpLoose;
  }

  /** Returns whether segments out of the window are let through. */
  public boolean tcpBeLiberal() {
    return tcpBeLiberal;
  }

  /** Returns whether the sequence number of a RST is not looked at. */
  public boolean tcpIgnoreInvalidRst() {
    return tcpIgnoreInvalidRst;
  }

  /** Returns after how many repeats of one segment the short timeout applies. */
  public int tcpMaxRetrans() {
    return tcpMaxRetrans;
  }

  /** Returns the most connections at a time, 0 for no limit. */
  public long max() {
    return max;
  }

  /** Returns the buckets of the hash table. */
  public int buckets() {
    return buckets;
  }

  /** Returns what the hash of the table is seeded with, which no kernel tells. */
  public long hashSeed() {
    return hashSeed;
  }

  /** Returns a timeout in seconds. */
  public long seconds(Timeout timeout) {
    return seconds[timeout.ordinal()];
  }

  /** Builds {@link ConntrackSettings}. Not safe for use by several threads. */
  public static final class Builder {
    private boolean accounting = true;
    private boolean checksum = true;
    private boolean tcpLoose = true;
    private boolean tcpBeLiberal;
    private boolean tcpIgnoreInvalidRst;
    private int tcpMaxRetrans = 3;
    private long max = 262_144;
    private int buckets = 262_144;
    private long hashSeed;
    private final long[] seconds = new long[Timeout.values().length];

    private Builder() {
      for (Timeout timeout : Timeout.values()) {
        seconds[timeout.ordinal()] = timeout.defaultSeconds();
      }
    }

    /** Sets whether packets and bytes are counted; on by default. */
    @CanIgnoreReturnValue
    public Builder accounting(boolean accounting) {
      this.accounting = accounting;
      return this;
    }

    /** Sets whether checksums are looked at; on by default. */
    @CanIgnoreReturnValue
    public Builder checksum(boolean checksum) {
      this.checksum = checksum;
      return this;
    }

    /** Sets whether TCP is picked up in its middle; on by default. */
    @CanIgnoreReturnValue
    public Builder tcpLoose(boolean tcpLoose) {
      this.tcpLoose = tcpLoose;
      return this;
    }

    /** Sets whether segments out of the window are let through; off by default. */
    @CanIgnoreReturnValue
    public Builder tcpBeLiberal(boolean tcpBeLiberal) {
      this.tcpBeLiberal = tcpBeLiberal;
      return this;
    }

    /** Sets whether a RST's sequence number is not looked at; off by default. */
    @CanIgnoreReturnValue
    public Builder tcpIgnoreInvalidRst(boolean tcpIgnoreInvalidRst) {
      this.tcpIgnoreInvalidRst = tcpIgnoreInvalidRst;
      return this;
    }

    /** Sets after how many repeats the short timeout applies, 0 to 255; 3 by default. */
    @CanIgnoreReturnValue
    public Builder tcpMaxRetrans(int tcpMaxRetrans) {
      checkArgument(
          tcpMaxRetrans >= 0 && tcpMaxRetrans <= 255,
          "tcp_max_retrans is 0..255, found %s",
          tcpMaxRetrans);
      this.tcpMaxRetrans = tcpMaxRetrans;
      return this;
    }

    /** Sets the most connections at a time, 0 for no limit. */
    @CanIgnoreReturnValue
    public Builder max(long max) {
      checkArgument(max >= 0, "nf_conntrack_max is not negative, found %s", max);
      this.max = max;
      return this;
    }

    /** Sets the buckets of the hash table, 1 to 715,827,879. */
    @CanIgnoreReturnValue
    public Builder buckets(int buckets) {
      checkArgument(
          buckets > 0 && buckets <= BucketCells.MAX_BUCKETS,
          "nf_conntrack_buckets is 1 to %s, found %s",
          BucketCells.MAX_BUCKETS,
          buckets);
      this.buckets = buckets;
      return this;
    }

    /** Sets what the hash of the table is seeded with; 0 by default. */
    @CanIgnoreReturnValue
    public Builder hashSeed(long hashSeed) {
      this.hashSeed = hashSeed;
      return this;
    }

    /** Sets a timeout in seconds, 0 to {@link Timeout#MAX_SECONDS}. */
    @CanIgnoreReturnValue
    public Builder seconds(Timeout timeout, long seconds) {
      checkArgument(
          seconds >= 0 && seconds <= Timeout.MAX_SECONDS,
          "timeout %s is 0..%s seconds, found %s",
          timeout,
          Timeout.MAX_SECONDS,
          seconds);
      this.seconds[timeout.ordinal()] = seconds;
      return this;
    }

    /** Returns the settings. */
    public ConntrackSettings build() {
      return new ConntrackSettings(this);
    }
  }
}
