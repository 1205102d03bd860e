package dev.packetpath.iptables;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.packetpath.core.HookState;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.ProtocolNames;
import dev.packetpath.core.packet.Packet;

/**
 * What a rule asks of the IP header and the devices, before any match is called.
 *
 * <p>Source: net/ipv4/netfilter/ip_tables.c, ip_packet_match, and ip6_tables.c, Linux 6.1.
 *
 * @param source source address under a mask
 * @param sourceInverted whether the sense of {@code -s} is reversed
 * @param destination destination address under a mask
 * @param destinationInverted whether the sense of {@code -d} is reversed
 * @param in the device it came in by
 * @param out the device it is routed to
 * @param protocol the protocol number, {@link #ANY_PROTOCOL} for any
 * @param protocolInverted whether the sense of {@code -p} is reversed
 * @param fragment whether later fragments are asked for
 */
public record HeaderMatch(
    AddressMask source,
    boolean sourceInverted,
    AddressMask destination,
    boolean destinationInverted,
    DeviceMatch in,
    DeviceMatch out,
    int protocol,
    boolean protocolInverted,
    Fragment fragment) {
  /** The protocol of a rule that asks for none. */
  public static final int ANY_PROTOCOL = -1;

  private static final HeaderMatch ANY_V4 = builder(IpFamily.IPV4).build();
  private static final HeaderMatch ANY_V6 = builder(IpFamily.IPV6).build();

  /** What a rule asks of the fragment offset. */
  public enum Fragment {
    /** Nothing. */
    ANY,
    /** A later fragment ({@code -f}). */
    LATER,
    /** A whole packet or a first fragment ({@code ! -f}). */
    FIRST_OR_WHOLE
  }

  /** Returns the header part that asks for nothing. */
  public static HeaderMatch any(IpFamily family) {
    return family == IpFamily.IPV4 ? ANY_V4 : ANY_V6;
  }

  /** Returns a builder that asks for nothing yet. */
  public static Builder builder(IpFamily family) {
    return new Builder(family);
  }

  /** Returns whether a packet at a hook meets all that is asked. */
  public boolean matches(Packet packet, HookState state) {
    return source.matches(packet.sourceHigh(), packet.sourceLow()) != sourceInverted
        && destination.matches(packet.destinationHigh(), packet.destinationLow())
            != destinationInverted
        && in.matches(state.in())
        && out.matches(state.out())
        && (protocol == ANY_PROTOCOL || (packet.protocol() == protocol) != protocolInverted)
        && fragmentMatches(packet);
  }

  /**
   * Returns whether this asks for the protocol of an IPv6 packet that lacks it, and meets all else:
   * the kernel drops such a packet (ip6_packet_match).
   */
  public boolean failsToRead(Packet packet, HookState state) {
    return protocol != ANY_PROTOCOL
        && packet.lacksProtocol()
        && source.matches(packet.sourceHigh(), packet.sourceLow()) != sourceInverted
        && destination.matches(packet.destinationHigh(), packet.destinationLow())
            != destinationInverted
        && in.matches(state.in())
        && out.matches(state.out());
  }

  /** Returns whether nothing is asked: every packet passes. */
  public boolean asksNothing() {
    return source.isAny()
        && !sourceInverted
        && destination.isAny()
        && !destinationInverted
        && in.isAny()
        && out.isAny()
        && protocol == ANY_PROTOCOL
        && fragment == Fragment.ANY;
  }

  private boolean fragmentMatches(Packet packet) {
    return switch (fragment) {
      case ANY -> true;
      case LATER -> packet.isLaterFragment();
      case FIRST_OR_WHOLE -> !packet.isLaterFragment();
    };
  }

  /** Prints the options as iptables-save does. */
  public void print(OptionPrinter out) {
    printAddress(out, source, sourceInverted, "-s");
    printAddress(out, destination, destinationInverted, "-d");
    if (!in.isAny()) {
      out.option(in.inverted(), "-i", in.pattern());
    }
    if (!this.out.isAny()) {
      out.option(this.out.inverted(), "-o", this.out.pattern());
    }
    if (protocol != ANY_PROTOCOL) {
      out.option(protocolInverted, "-p", ProtocolNames.nameOf(protocol));
    }
    if (fragment != Fragment.ANY) {
      out.option(fragment == Fragment.FIRST_OR_WHOLE, "-f");
    }
  }

  private static void printAddress(
      OptionPrinter out, AddressMask address, boolean inverted, String option) {
    if (!address.isAny() || inverted) {
      out.option(inverted, option, address.toString());
    }
  }

  /** Builds a {@link HeaderMatch}. Not safe for use by several threads. */
  public static final class Builder {
    private final AddressMask any;
    private AddressMask source;
    private boolean sourceInverted;
    private AddressMask destination;
    private boolean destinationInverted;
    private DeviceMatch in = DeviceMatch.ANY;
    private DeviceMatch out = DeviceMatch.ANY;
    private int protocol = ANY_PROTOCOL;
    private boolean protocolInverted;
    private Fragment fragment = Fragment.ANY;

    private Builder(IpFamily family) {
      this.any = AddressMask.any(family);
      this.source = any;
      this.destination = any;
    }

    /** Makes this ask for nothing again. */
    public void clear() {
      source = any;
      sourceInverted = false;
      destination = any;
      destinationInverted = false;
      in = DeviceMatch.ANY;
      out = DeviceMatch.ANY;
      protocol = ANY_PROTOCOL;
      protocolInverted = false;
      fragment = Fragment.ANY;
    }

    /** Sets the source. */
    @CanIgnoreReturnValue
    public Builder source(AddressMask source, boolean inverted) {
      this.source = source;
      this.sourceInverted = inverted;
      return this;
    }

    /** Sets the destination. */
    @CanIgnoreReturnValue
    public Builder destination(AddressMask destination, boolean inverted) {
      this.destination = destination;
      this.destinationInverted = inverted;
      return this;
    }

    /** Sets the device it came in by. */
    @CanIgnoreReturnValue
    public Builder in(DeviceMatch in) {
      this.in = in;
      return this;
    }

    /** Sets the device it is routed to. */
    @CanIgnoreReturnValue
    public Builder out(DeviceMatch out) {
      this.out = out;
      return this;
    }

    /** Sets the protocol number, {@link #ANY_PROTOCOL} for any. */
    @CanIgnoreReturnValue
    public Builder protocol(int protocol, boolean inverted) {
      this.protocol = protocol;
      this.protocolInverted = inverted;
      return this;
    }

    /** Sets what is asked of the fragment offset. */
    @CanIgnoreReturnValue
    public Builder fragment(Fragment fragment) {
      this.fragment = fragment;
      return this;
    }

    /** Returns the protocol set so far. */
    public int protocol() {
      return protocol;
    }

    /** Returns whether a header part is what this would build. */
    public boolean isBuilt(HeaderMatch header) {
      return source.equals(header.source)
          && sourceInverted == header.sourceInverted
          && destination.equals(header.destination)
          && destinationInverted == header.destinationInverted
          && in.equals(header.in)
          && out.equals(header.out)
          && protocol == header.protocol
          && protocolInverted == header.protocolInverted
          && fragment == header.fragment;
    }

    /** Returns the header part. */
    public HeaderMatch build() {
      return new HeaderMatch(
          source,
          sourceInverted,
          destination,
          destinationInverted,
          in,
          out,
          protocol,
          protocolInverted,
          fragment);
    }
  }
}
