package dev.packetpath.core.host;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpPrefix;

/**
 * One line of a routing table.
 *
 * @param table the table's number: {@link #LOCAL_TABLE}, {@link #MAIN_TABLE}, …
 * @param prefix the destinations it is for
 * @param type what becomes of packets to them
 * @param device the device it leads to, or that holds a local address; {@link Device#NONE} for none
 * @param gateway the next hop, the unspecified address for none
 * @param source the preferred source, the unspecified address for none
 * @param metric the lowest wins among equal prefixes, unsigned
 * @param tos the type of service it is for, 0 for any
 * @param mtu the largest packet that it allows, in bytes; 0 for as much as the device
 */
public record RouteEntry(
    int table,
    IpPrefix prefix,
    AddressType type,
    Device device,
    IpAddress gateway,
    IpAddress source,
    int metric,
    int tos,
    int mtu) {
  /** The table of the host's own and broadcast addresses. */
  public static final int LOCAL_TABLE = 255;

  /** The table that {@code ip route} shows. */
  public static final int MAIN_TABLE = 254;

  /** The table asked last. */
  public static final int DEFAULT_TABLE = 253;

  /** Returns a builder of a line of the main table, to a link without a device unless told. */
  public static Builder builder(IpPrefix prefix) {
    return new Builder(prefix);
  }

  /**
   * Returns a route of the main table to a link, or through a gateway if that is not unspecified.
   */
  public static RouteEntry unicast(IpPrefix prefix, Device device, IpAddress gateway) {
    return builder(prefix).device(device).gateway(gateway).build();
  }

  /** Returns an entry of the local table. */
  public static RouteEntry local(IpPrefix prefix, AddressType type, Device device) {
    return builder(prefix).table(LOCAL_TABLE).type(type).device(device).build();
  }

  /** Builds a {@link RouteEntry}. Not safe for use by several threads. */
  public static final class Builder {
    private final IpPrefix prefix;
    private int table = MAIN_TABLE;
    private AddressType type = AddressType.UNICAST;
    private Device device = Device.NONE;
    private IpAddress gateway;
    private IpAddress source;
    private int metric;
    private int tos;
    private int mtu;

    private Builder(IpPrefix prefix) {
      this.prefix = prefix;
      this.gateway = IpAddress.any(prefix.family());
      this.source = gateway;
    }

    /** Sets the table. */
    @CanIgnoreReturnValue
    public Builder table(int number) {
      this.table = number;
      return this;
    }

    /** Sets what becomes of packets. */
    @CanIgnoreReturnValue
    public Builder type(AddressType type) {
      this.type = type;
      return this;
    }

    /** Sets the device. */
    @CanIgnoreReturnValue
    public Builder device(Device device) {
      this.device = device;
      return this;
    }

    /** Sets the next hop. */
    @CanIgnoreReturnValue
    public Builder gateway(IpAddress gateway) {
      this.gateway = gateway;
      return this;
    }

    /** Sets the preferred source. */
    @CanIgnoreReturnValue
    public Builder source(IpAddress source) {
      this.source = source;
      return this;
    }

    /** Sets the metric, unsigned. */
    @CanIgnoreReturnValue
    public Builder metric(int metric) {
      this.metric = metric;
      return this;
    }

    /** Sets the type of service, 0 for any. */
    @CanIgnoreReturnValue
    public Builder tos(int tos) {
      this.tos = tos;
      return this;
    }

    /** Sets the largest packet, in bytes; 0 for as much as the device. */
    @CanIgnoreReturnValue
    public Builder mtu(int mtu) {
      this.mtu = mtu;
      return this;
    }

    /** Returns the line. */
    public RouteEntry build() {
      return new RouteEntry(table, prefix, type, device, gateway, source, metric, tos, mtu);
    }
  }
}
