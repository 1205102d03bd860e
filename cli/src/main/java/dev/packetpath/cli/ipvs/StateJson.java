package dev.packetpath.cli.ipvs;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.base.Ascii;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.packet.IpvsInfo.Method;
import dev.packetpath.ipvs.Ipvs;
import dev.packetpath.ipvs.IpvsConnection;
import dev.packetpath.ipvs.ProtocolName;
import dev.packetpath.ipvs.RealServer;
import dev.packetpath.ipvs.ServiceKey;
import dev.packetpath.ipvs.Traffic;
import dev.packetpath.ipvs.VirtualService;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The state of ip_vs as recordings show it. */
final class StateJson {
  private StateJson() {}

  static boolean isMasqueraded(IpvsConnection connection) {
    return connection.method() == Method.MASQUERADE;
  }

  static String server(IpvsConnection connection) {
    return new SocketAddress(connection.serverAddress(), connection.serverPort()).toString();
  }

  /** Returns the servers in the kernel's order: address, weight, active and inactive. */
  static ArrayNode servers(VirtualService service) {
    ArrayNode servers = JsonNodeFactory.instance.arrayNode();
    for (RealServer server : service.servers()) {
      servers
          .addArray()
          .add(new SocketAddress(server.address(), server.port()).toString())
          .add(server.weight())
          .add(server.activeConnections())
          .add(server.inactiveConnections());
    }
    return servers;
  }

  /** Returns the persistence templates in the order of their text. */
  static ArrayNode templates(Ipvs ipvs, long nowNs) {
    List<List<String>> rows = new ArrayList<>();
    for (IpvsConnection connection : ipvs.connections()) {
      if (connection.isTemplate()) {
        List<String> row = ends(connection);
        row.add(Long.toString(connection.expiresInSeconds(nowNs)));
        rows.add(row);
      }
    }
    return sorted(rows);
  }

  private static List<String> ends(IpvsConnection connection) {
    List<String> ends = new ArrayList<>();
    ends.add(Ascii.toLowerCase(ProtocolName.of(connection.protocol())));
    ends.add(new SocketAddress(connection.clientAddress(), connection.clientPort()).toString());
    ends.add(new SocketAddress(connection.virtualAddress(), connection.virtualPort()).toString());
    ends.add(server(connection));
    return ends;
  }

  private static ArrayNode sorted(List<List<String>> rows) {
    rows.sort(Comparator.comparing(row -> String.join("\0", row)));
    ArrayNode sorted = JsonNodeFactory.instance.arrayNode();
    for (List<String> row : rows) {
      ArrayNode shown = sorted.addArray();
      row.subList(0, row.size() - 1).forEach(shown::add);
      shown.add(Long.parseLong(row.get(row.size() - 1)));
    }
    return sorted;
  }

  /** Returns the connections and counters at the end of a scenario. */
  static ObjectNode end(Ipvs ipvs, long nowNs) {
    List<List<String>> rows = new ArrayList<>();
    for (IpvsConnection connection : ipvs.connections()) {
      List<String> row = ends(connection);
      row.add(connection.stateName());
      row.add(Long.toString(connection.expiresInSeconds(nowNs)));
      rows.add(row);
    }
    ObjectNode end = JsonNodeFactory.instance.objectNode();
    end.set("conns", sorted(rows));
    ArrayNode stats = end.putArray("stats");
    for (VirtualService service : ipvs.services()) {
      ArrayNode row = stats.addArray();
      if (service.key() instanceof ServiceKey.Virtual virtual) {
        row.add(ProtocolName.of(virtual.protocol()));
        row.add(new SocketAddress(virtual.address(), virtual.port()).toString());
      } else if (service.key() instanceof ServiceKey.Marked marked) {
        row.add("FWM").add(Integer.toString(marked.mark()));
        if (marked.family() == IpFamily.IPV6) {
          row.add("IPv6");
        }
      }
      traffic(row, service.traffic());
      service.servers().stream()
          .sorted(Comparator.comparing(RealServer::address).thenComparingInt(RealServer::port))
          .forEach(
              server -> {
                ArrayNode line = stats.addArray();
                line.add("->");
                line.add(new SocketAddress(server.address(), server.port()).toString());
                traffic(line, server.traffic());
              });
    }
    return end;
  }

  private static void traffic(ArrayNode row, Traffic traffic) {
    for (long count :
        new long[] {
          traffic.connections(),
          traffic.inPackets(),
          traffic.outPackets(),
          traffic.inBytes(),
          traffic.outBytes()
        }) {
      row.add(Long.toString(count));
    }
  }
}
