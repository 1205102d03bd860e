package dev.packetpath.ipvs;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.packet.IpvsInfo.Method;

/** A real server of a service as an administrator writes it. Immutable. */
public final class ServerSpec {
  /** The largest weight that ipvsadm and the kernel take; the manual names 65535. */
  public static final int MAX_WEIGHT = Integer.MAX_VALUE;

  private final IpAddress address;
  private final int port;
  private final int weight;
  private final Method method;
  private final Tunnel tunnel;
  private final int upperThreshold;
  private final int lowerThreshold;

  private ServerSpec(Builder builder) {
    this.address = builder.address;
    this.port = builder.port;
    this.weight = builder.weight;
    this.method = builder.method;
    this.tunnel = builder.tunnel;
    this.upperThreshold = builder.upperThreshold;
    this.lowerThreshold = builder.lowerThreshold;
  }

  /**
   * Returns a builder of a masqueraded server of weight 1 without thresholds.
   *
   * @param port where it listens, 0 to keep the port of the packet
   */
  public static Builder builder(IpAddress address, int port) {
    return new Builder(address, port);
  }

  /** Returns the server's address. */
  public IpAddress address() {
    return address;
  }

  /** Returns the server's port, 0 if packets keep theirs. */
  public int port() {
    return port;
  }

  /** Returns the weight, 0 to {@value #MAX_WEIGHT}; 0 takes no new connection. */
  public int weight() {
    return weight;
  }

  /** Returns how packets get to the server. */
  public Method method() {
    return method;
  }

  /** Returns the tunnel that the method {@link Method#TUNNEL} takes. */
  public Tunnel tunnel() {
    return tunnel;
  }

  /** Returns the number of connections at which the server takes no more, 0 for no limit. */
  public int upperThreshold() {
    return upperThreshold;
  }

  /** Returns the number below which it takes them again, 0 for three quarters of the upper one. */
  public int lowerThreshold() {
    return lowerThreshold;
  }

  @Override
  public String toString() {
    return address.withPort(port);
  }

  /** Builds a {@link ServerSpec}. Not safe for use by several threads. */
  public static final class Builder {
    private final IpAddress address;
    private final int port;
    private int weight = 1;
    private Method method = Method.MASQUERADE;
    private Tunnel tunnel = Tunnel.IPIP;
    private int upperThreshold;
    private int lowerThreshold;

    private Builder(IpAddress address, int port) {
      checkArgument(port >= 0 && port <= 0xffff, "port out of range 0..65535: %s", port);
      this.address = address;
      this.port = port;
    }

    /**
     * Sets the weight.
     *
     * @throws IllegalArgumentException if it is negative
     */
    @CanIgnoreReturnValue
    public Builder weight(int weight) {
      checkArgument(weight >= 0, "weight out of range 0..%s: %s", MAX_WEIGHT, weight);
      this.weight = weight;
      return this;
    }

    /** Sets how packets get to the server. */
    @CanIgnoreReturnValue
    public Builder method(Method method) {
      this.method = method;
      return this;
    }

    /** Sets the tunnel that packets take if the method is {@link Method#TUNNEL}. */
    @CanIgnoreReturnValue
    public Builder tunnel(Tunnel tunnel) {
      this.tunnel = tunnel;
      return this;
    }

    /**
     * Sets the thresholds on connections.
     *
     * @throws IllegalArgumentException if one is negative, or the lower one above the upper one
     */
    @CanIgnoreReturnValue
    public Builder thresholds(int upper, int lower) {
      checkArgument(upper >= 0, "upper threshold is 0 or more, found %s", upper);
      checkArgument(
          lower >= 0 && lower <= upper,
          "lower threshold out of range 0..%s, the upper one: %s",
          upper,
          lower);
      this.upperThreshold = upper;
      this.lowerThreshold = lower;
      return this;
    }

    /** Returns the server. */
    public ServerSpec build() {
      return new ServerSpec(this);
    }
  }
}
