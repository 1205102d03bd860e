package dev.packetpath.node;

import dev.packetpath.core.host.RouteEntry;
import dev.packetpath.core.net.DscpNames;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;

/**
 * The numbers of the routing tables of one node. {@code ip} prints the names that its {@code
 * rt_tables} gives them; one that is not the kernel's own gets a number that no other has here, for
 * a table's number tells nothing but which it is.
 */
final class RoutingTables {
  private static final int FIRST_OF_NAMES = -1;

  private final Map<String, Integer> named = new HashMap<>();

  int number(JsonValue.Fields fields, String name, int absent) {
    String table = fields.text(name, "");
    return switch (table) {
      case "" -> absent;
      case "local" -> RouteEntry.LOCAL_TABLE;
      case "main" -> RouteEntry.MAIN_TABLE;
      case "default" -> RouteEntry.DEFAULT_TABLE;
      default ->
          Character.isDigit(table.charAt(0)) || table.charAt(0) == '-'
              ? (int) fields.number(name, 0, 0xffff_ffffL, absent)
              : named.computeIfAbsent(table, each -> FIRST_OF_NAMES - named.size());
    };
  }

  /** The type of service of a route or a rule, a number or a name of {@code rt_dsfield}. */
  static int typeOfService(JsonValue.Fields fields) {
    OptionalInt dscp = DscpNames.valueOf(fields.text("tos", ""));
    return dscp.isPresent() ? dscp.getAsInt() << 2 : (int) fields.number("tos", 0, 255, 0);
  }
}
