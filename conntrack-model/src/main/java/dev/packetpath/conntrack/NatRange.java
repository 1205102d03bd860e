package dev.packetpath.conntrack;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import com.google.errorprone.annotations.Immutable;
import dev.packetpath.core.net.IpAddress;

/**
 * What NAT may choose from ({@code struct nf_nat_range2}, include/uapi/linux/netfilter/nf_nat.h,
 * Linux 6.1).
 *
 * @param mapsAddress whether the addresses count
 * @param minAddress the first address
 * @param maxAddress the last address
 * @param portsGiven whether the ports count
 * @param minPort the first port
 * @param maxPort the last port
 * @param basePortGiven whether ports shift by their distance to the base
 * @param basePort the port that maps to the first
 * @param random whether ports are drawn even if the packet's own is free
 * @param randomFully as {@code random}, which it equals since Linux 5.0
 * @param persistent whether a client gets the same address towards all destinations
 */
@Immutable
public record NatRange(
    boolean mapsAddress,
    IpAddress minAddress,
    IpAddress maxAddress,
    boolean portsGiven,
    int minPort,
    int maxPort,
    boolean basePortGiven,
    int basePort,
    boolean random,
    boolean randomFully,
    boolean persistent) {
  /** Nothing is asked for: keep what there is. */
  public static final NatRange ANY = builder().build();

  /** Returns a builder of a range that asks for nothing. */
  public static Builder builder() {
    return new Builder();
  }

  /** Returns the range of one address, any port. */
  public static NatRange ofAddress(IpAddress address) {
    return builder().addresses(address, address).build();
  }

  /** Returns this range with its addresses replaced by one. */
  public NatRange withAddress(IpAddress address) {
    return withAddresses(address, address);
  }

  /** Returns this range with other addresses. */
  public NatRange withAddresses(IpAddress first, IpAddress last) {
    return new NatRange(
        true,
        first,
        last,
        portsGiven,
        minPort,
        maxPort,
        basePortGiven,
        basePort,
        random,
        randomFully,
        persistent);
  }

  /** Returns whether the port may depend on which others are taken. */
  public boolean looksForPort() {
    return drawsPort() || (portsGiven && minPort != maxPort);
  }

  /** Returns whether this is one address, and one port or each packet's own. */
  public boolean isOne() {
    return mapsAddress
        && minAddress.equals(maxAddress)
        && !drawsPort()
        && !basePortGiven
        && (!portsGiven || minPort == maxPort);
  }

  /** Returns whether ports are drawn even if the packet's own is free. */
  boolean drawsPort() {
    return random || randomFully;
  }

  /** Builds a {@link NatRange}. Not safe for use by several threads. */
  public static final class Builder {
    private boolean mapsAddress;
    private IpAddress minAddress = IpAddress.ANY_V4;
    private IpAddress maxAddress = IpAddress.ANY_V4;
    private boolean portsGiven;
    private int minPort;
    private int maxPort;
    private boolean basePortGiven;
    private int basePort;
    private boolean random;
    private boolean randomFully;
    private boolean persistent;

    private Builder() {}

    /** Sets the addresses, both of one family. */
    @CanIgnoreReturnValue
    public Builder addresses(IpAddress first, IpAddress last) {
      checkArgument(
          first.family() == last.family(), "a range of one family, found %s and %s", first, last);
      this.mapsAddress = true;
      this.minAddress = first;
      this.maxAddress = last;
      return this;
    }

    /** Sets the ports, or ICMP identifiers, each 0 to 65535. */
    @CanIgnoreReturnValue
    public Builder ports(int first, int last) {
      this.portsGiven = true;
      this.minPort = checkPort(first);
      this.maxPort = checkPort(last);
      return this;
    }

    /** Sets the port that maps to the first one; the others shift with it. */
    @CanIgnoreReturnValue
    public Builder basePort(int basePort) {
      this.basePortGiven = true;
      this.basePort = checkPort(basePort);
      return this;
    }

    /** Draws ports even if the packet's own is free. */
    @CanIgnoreReturnValue
    public Builder random(boolean random) {
      this.random = random;
      return this;
    }

    /** Draws ports even if the packet's own is free. */
    @CanIgnoreReturnValue
    public Builder randomFully(boolean randomFully) {
      this.randomFully = randomFully;
      return this;
    }

    /** Gives a client the same address towards all destinations. */
    @CanIgnoreReturnValue
    public Builder persistent(boolean persistent) {
      this.persistent = persistent;
      return this;
    }

    private static int checkPort(int port) {
      checkArgument(port >= 0 && port <= 0xffff, "a port is 0..65535, found %s", port);
      return port;
    }

    /** Returns the range. */
    public NatRange build() {
      return new NatRange(
          mapsAddress,
          minAddress,
          maxAddress,
          portsGiven,
          minPort,
          maxPort,
          basePortGiven,
          basePort,
          random,
          randomFully,
          persistent);
    }
  }
}
