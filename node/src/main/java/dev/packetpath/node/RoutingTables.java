package dev.packetpath.node;

import dev.packetpath.core.host.RouteEntry;

/** The numbers of routing tables, by number or by the names of {@code /etc/iproute2/rt_tables}. */
final class RoutingTables {
  private RoutingTables() {}

  static int number(JsonValue.Fields fields, String name, int absent) {
    return switch (fields.text(name, "")) {
      case "" -> absent;
      case "local" -> RouteEntry.LOCAL_TABLE;
      case "main" -> RouteEntry.MAIN_TABLE;
      case "default" -> RouteEntry.DEFAULT_TABLE;
      default -> (int) fields.number(name, 0, 0xffff_ffffL, absent);
    };
  }
}
