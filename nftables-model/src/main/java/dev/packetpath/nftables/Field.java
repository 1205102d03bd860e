package dev.packetpath.nftables;

import com.google.common.primitives.Ints;
import dev.packetpath.conntrack.ConnectionState;
import dev.packetpath.conntrack.PacketConnection;
import dev.packetpath.core.Decisions;
import dev.packetpath.core.HookState;
import dev.packetpath.core.host.Device;
import dev.packetpath.core.host.Host;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.core.packet.WireFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Reads what a rule looks at, as values that equal those of {@link Literals}: an IpAddress, a Long,
 * a String, or a List of them.
 */
@FunctionalInterface
interface Field {
  /** Where the destination port stands in any header that has one. */
  int DESTINATION_PORT_AT = 2;

  /** The bytes of both ports. */
  int PORTS_BYTES = 4;

  /** Returns the value; nothing if the packet has no such field, which ends the rule. */
  Optional<Object> read(Packet packet, HookState state);

  /**
   * Returns the reader of an expression.
   *
   * @param site stands for the rule where it draws
   * @throws NftJsonException if the model does not know the field
   */
  static Field of(Expression expression, Host host, long site) {
    if (expression instanceof Expression.Payload payload) {
      return payload(payload);
    }
    if (expression instanceof Expression.Meta meta) {
      return meta(meta);
    }
    if (expression instanceof Expression.Ct ct && ct.key().equals("state")) {
      return (packet, state) -> Optional.of(stateOf(packet));
    }
    if (expression instanceof Expression.FibType fib) {
      return fib(fib, host);
    }
    if (expression instanceof Expression.Random random) {
      return (packet, state) -> Optional.of(draw(host, random.modulus(), site));
    }
    if (expression instanceof Expression.Bitwise bitwise
        && bitwise.operator() == Expression.Operator.AND
        && isNumber(bitwise.left())) {
      Field left = of(bitwise.left(), host, site);
      return (packet, state) ->
          left.read(packet, state).map(value -> (Long) value & bitwise.bits());
    }
    if (expression instanceof Expression.Concat concat) {
      return concat(concat.parts().stream().map(part -> of(part, host, site)).toList());
    }
    throw new NftJsonException("field " + expression, "one that is modelled");
  }

  private static boolean isNumber(Expression field) {
    return (field instanceof Expression.Meta meta
            && (meta.key().equals("mark") || meta.key().equals("l4proto")))
        || (field instanceof Expression.Payload payload && payload.field().equals("dport"))
        || field instanceof Expression.Random
        || field instanceof Expression.Bitwise;
  }

  private static Field payload(Expression.Payload payload) {
    return switch (payload.protocol() + " " + payload.field()) {
      case "ip saddr", "ip6 saddr" -> (packet, state) -> Optional.of(packet.source());
      case "ip daddr", "ip6 daddr" -> (packet, state) -> Optional.of(packet.destination());
      case "th dport" -> destinationPort(0);
      case "tcp dport" -> destinationPort(IpProtocol.TCP);
      case "udp dport" -> destinationPort(IpProtocol.UDP);
      case "sctp dport" -> destinationPort(IpProtocol.SCTP);
      default ->
          throw new NftJsonException(
              payload.protocol() + " " + payload.field(), "saddr, daddr or dport");
    };
  }

  /** Returns a reader of the port of one protocol, or for 0 of what stands there in any. */
  private static Field destinationPort(int protocol) {
    return (packet, state) ->
        (protocol == 0 || packet.protocol() == protocol)
                && !packet.isLaterFragment()
                && !packet.lacksProtocol()
            ? destinationPort(packet)
            : Optional.empty();
  }

  private static Optional<Object> destinationPort(Packet packet) {
    if (IpProtocol.hasPorts(packet.protocol()) && !packet.transportTruncated()) {
      return Optional.of((long) packet.destinationPort());
    }
    if (packet.networkPayloadBytes() < PORTS_BYTES) {
      return Optional.empty();
    }
    byte[] bytes = WireFormat.encode(packet);
    int at = packet.networkHeaderBytes() + DESTINATION_PORT_AT;
    return Optional.of((long) Ints.fromBytes((byte) 0, (byte) 0, bytes[at], bytes[at + 1]));
  }

  private static Field meta(Expression.Meta meta) {
    return switch (meta.key()) {
      case "mark" -> (packet, state) -> Optional.of(Integer.toUnsignedLong(packet.mark()));
      case "l4proto" ->
          (packet, state) ->
              packet.lacksProtocol() ? Optional.empty() : Optional.of((long) packet.protocol());
      case "iifname" -> (packet, state) -> Optional.of(state.in().name());
      case "oifname" -> (packet, state) -> Optional.of(state.out().name());
      default ->
          throw new NftJsonException(
              "meta \"" + meta.key() + "\"", "mark, l4proto, iifname or oifname");
    };
  }

  private static String stateOf(Packet packet) {
    ConnectionState state = PacketConnection.stateOf(packet);
    return switch (state) {
      case NONE -> "invalid";
      case NEW -> "new";
      case ESTABLISHED, ESTABLISHED_REPLY -> "established";
      case RELATED, RELATED_REPLY -> "related";
      case UNTRACKED -> "untracked";
    };
  }

  private static Field fib(Expression.FibType fib, Host host) {
    boolean source = fib.address().equals("saddr");
    return (packet, state) -> {
      IpAddress address = source ? packet.source() : packet.destination();
      return Optional.of(
          host.network().addressType(address, Device.NONE).name().toLowerCase(Locale.ROOT));
    };
  }

  /**
   * Draws as a cascade of chances, so that whoever follows each answer finds each number with its
   * probability.
   */
  private static long draw(Host host, long modulus, long site) {
    for (long number = 0; number < modulus - 1; number++) {
      long threshold = Math.round((double) Decisions.CHANCE_SCALE / (modulus - number));
      if (host.decisions().chance(threshold, site + number)) {
        return number;
      }
    }
    return modulus - 1;
  }

  private static Field concat(List<Field> parts) {
    return (packet, state) -> {
      List<Object> values = new ArrayList<>(parts.size());
      for (Field part : parts) {
        Optional<Object> value = part.read(packet, state);
        if (value.isEmpty()) {
          return value;
        }
        values.add(value.get());
      }
      return Optional.of(values);
    };
  }
}
