package dev.packetpath.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableMap;
import dev.packetpath.conntrack.Connection;
import dev.packetpath.conntrack.ConnectionStatus;
import dev.packetpath.conntrack.ConntrackEntry;
import dev.packetpath.conntrack.Direction;
import dev.packetpath.conntrack.TableEvent;
import dev.packetpath.conntrack.Tuple;
import dev.packetpath.conntrack.Zone;
import dev.packetpath.core.net.IpProtocol;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;

/** Connections in the form of the kernel vectors. */
final class ConntrackJson {
  private static final ImmutableMap<String, Integer> STATUS =
      ImmutableMap.<String, Integer>builder()
          .put("EXPECTED", ConnectionStatus.EXPECTED)
          .put("SEEN_REPLY", ConnectionStatus.SEEN_REPLY)
          .put("ASSURED", ConnectionStatus.ASSURED)
          .put("CONFIRMED", ConnectionStatus.CONFIRMED)
          .put("SRC_NAT", ConnectionStatus.SRC_NAT)
          .put("DST_NAT", ConnectionStatus.DST_NAT)
          .put("SEQ_ADJUST", ConnectionStatus.SEQ_ADJUST)
          .put("SRC_NAT_DONE", ConnectionStatus.SRC_NAT_DONE)
          .put("DST_NAT_DONE", ConnectionStatus.DST_NAT_DONE)
          .put("DYING", ConnectionStatus.DYING)
          .put("HELPER", ConnectionStatus.HELPER)
          .buildOrThrow();

  private ConntrackJson() {}

  static void write(Collection<Connection> connections, long nowNs, ArrayNode json) {
    for (Connection connection : connections) {
      ObjectNode entry = json.addObject();
      write(connection.original(), entry.putObject("orig"));
      write(connection.reply(), entry.putObject("reply"));
      status(connection.status(), entry.putArray("status"));
      entry.put("mark", Integer.toUnsignedLong(connection.mark()));
      if (connection.original().protocol() == IpProtocol.TCP) {
        entry.put("tcp_state", connection.stateName());
      } else if (connection.original().protocol() == IpProtocol.SCTP) {
        entry.put("sctp_state", connection.stateName());
      }
      entry.put("orig_packets", connection.packets(Direction.ORIGINAL));
      entry.put("reply_packets", connection.packets(Direction.REPLY));
      entry.put("timeout_ceil", connection.remainingSeconds(nowNs));
      if (!connection.helper().isEmpty()) {
        entry.put("helper", connection.helper());
      }
      if ((connection.labelsHigh() | connection.labelsLow()) != 0) {
        entry.put("labels", labels(connection));
      }
      writeZone(connection.zoneOfDirections(), entry);
    }
  }

  /**
   * Adds to connections what somebody may have seen who read them until a later time: {@code
   * timeout_least}, and {@code may_be_gone}.
   */
  static void addLater(ArrayNode connections, ArrayNode later) {
    Map<String, JsonNode> found = new HashMap<>();
    later.forEach(entry -> found.put(name(entry), entry));
    for (JsonNode entry : connections) {
      JsonNode after = found.getOrDefault(name(entry), MissingNode.getInstance());
      ((ObjectNode) entry).put("may_be_gone", after.isMissingNode());
      ((ObjectNode) entry).put("timeout_least", after.path("timeout_ceil").asLong());
    }
  }

  private static String name(JsonNode entry) {
    return entry.path("orig") + entry.path("zone").asText();
  }

  /** Writes an event in the form of the laboratory: a connection, and what kind of event it is. */
  static void write(TableEvent event, ArrayNode json) {
    ConntrackEntry told = event.entry();
    ObjectNode entry = json.addObject().put("event", event.kind().name());
    write(told.original(), entry.putObject("orig"));
    write(told.reply(), entry.putObject("reply"));
    status(told.status(), entry.putArray("status"));
    entry.put("mark", Integer.toUnsignedLong(told.mark()));
    if (told.original().protocol() == IpProtocol.TCP && tellsState(event)) {
      entry.put("tcp_state", told.state());
    }
    if (event.kind() != TableEvent.Kind.DESTROY && !told.helper().isEmpty()) {
      entry.put("helper", told.helper());
    }
    if (event.kind() == TableEvent.Kind.DESTROY) {
      entry.put("orig_packets", told.originalPackets());
      entry.put("reply_packets", told.replyPackets());
    }
    entry.put("timeout_ceil", told.remainingSeconds());
  }

  private static boolean tellsState(TableEvent event) {
    return event.kind() == TableEvent.Kind.DESTROY
        || event.changes().contains(TableEvent.Change.PROTOCOL);
  }

  private static void status(int status, ArrayNode json) {
    STATUS.forEach(
        (name, bit) -> {
          if ((status & bit) != 0) {
            json.add(name);
          }
        });
  }

  /** The 128 bits as they lie in memory: the lowest byte first. */
  private static String labels(Connection connection) {
    return HexFormat.of()
        .formatHex(
            ByteBuffer.allocate(2 * Long.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(connection.labelsLow())
                .putLong(connection.labelsHigh())
                .array());
  }

  /** A zone of both directions stands beside the tuples, a zone of one in that tuple. */
  private static void writeZone(Zone zone, ObjectNode entry) {
    if (zone.id() == 0) {
      return;
    }
    String place = zone.original() ? "orig" : "reply";
    (zone.original() && zone.reply() ? entry : entry.withObjectProperty(place))
        .put("zone", zone.id());
  }

  private static void write(Tuple tuple, ObjectNode json) {
    json.put("proto", protocol(tuple.protocol()));
    json.put("src", tuple.source().toString()).put("dst", tuple.destination().toString());
    if (tuple.isIcmp()) {
      json.put("id", tuple.icmpId()).put("type", tuple.icmpType()).put("code", tuple.icmpCode());
    } else if (Tuple.hasPorts(tuple.protocol()) || tuple.protocol() == IpProtocol.GRE) {
      json.put("sport", tuple.sourcePort()).put("dport", tuple.destinationPort());
    }
  }

  private static String protocol(int protocol) {
    return switch (protocol) {
      case IpProtocol.TCP -> "tcp";
      case IpProtocol.UDP -> "udp";
      case IpProtocol.UDPLITE -> "udplite";
      case IpProtocol.ICMP -> "icmp";
      case IpProtocol.ICMPV6 -> "icmpv6";
      case IpProtocol.SCTP -> "sctp";
      case IpProtocol.GRE -> "gre";
      default -> Integer.toString(protocol);
    };
  }
}
