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

  /** The type of service of a route or a rule, a number or a name of {@code rt_dsfield}. */
  static int typeOfService(JsonValue.Fields fields) {
    return switch (fields.text("tos", "")) {
      case "CS1" -> 0x20;
      case "AF11" -> 0x28;
      case "AF12" -> 0x30;
      case "AF13" -> 0x38;
      case "CS2" -> 0x40;
      case "AF21" -> 0x48;
      case "AF22" -> 0x50;
      case "AF23" -> 0x58;
      case "CS3" -> 0x60;
      case "AF31" -> 0x68;
      case "AF32" -> 0x70;
      case "AF33" -> 0x78;
      case "CS4" -> 0x80;
      case "AF41" -> 0x88;
      case "AF42" -> 0x90;
      case "AF43" -> 0x98;
      case "CS5" -> 0xa0;
      case "EF" -> 0xb8;
      case "CS6" -> 0xc0;
      case "CS7" -> 0xe0;
      default -> (int) fields.number("tos", 0, 255, 0);
    };
  }
}
