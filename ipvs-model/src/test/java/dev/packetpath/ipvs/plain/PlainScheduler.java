package dev.packetpath.ipvs.plain;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;

/** Which server gets a connection. */
interface PlainScheduler {
  Optional<PlainServer> choose(int client, int clientPort, int destination);

  default void listChanged() {}

  default void edited() {}

  default void removed(PlainServer server, int index) {
    listChanged();
  }

  static PlainScheduler named(String name, PlainService service) {
    List<PlainServer> servers = service.servers;
    return switch (name) {
      case "rr" -> new PlainTurns(servers);
      case "wrr" -> new PlainWeightedTurns(servers);
      case "lc" -> (client, port, to) -> least(servers, PlainServer::load, server -> 1);
      case "wlc" -> (client, port, to) -> wlc(servers);
      case "sed" -> (client, port, to) -> sed(servers);
      case "nq" -> (client, port, to) -> idle(servers).or(() -> sed(servers));
      case "fo" -> (client, port, to) -> heaviest(servers, server -> true);
      case "ovf" ->
          (client, port, to) -> heaviest(servers, server -> server.active <= server.weight);
      case "sh", "dh" -> new PlainBuckets(service, name.equals("sh"));
      case "mh" -> new PlainMaglev(service);
      case "lblc" -> new PlainLocality(servers);
      default -> new PlainReplication(servers);
    };
  }

  /** The first of those with the least fraction of load over weight, compared exactly. */
  static Optional<PlainServer> least(
      List<PlainServer> servers,
      ToLongFunction<PlainServer> load,
      ToLongFunction<PlainServer> weight) {
    Comparator<PlainServer> byFraction =
        (a, b) ->
            Long.compare(
                load.applyAsLong(a) * weight.applyAsLong(b),
                load.applyAsLong(b) * weight.applyAsLong(a));
    // min keeps the first of equals only by chance: a stable sort does by contract.
    return servers.stream().filter(PlainServer::takes).sorted(byFraction).findFirst();
  }

  static Optional<PlainServer> wlc(List<PlainServer> servers) {
    return least(servers, PlainServer::load, server -> server.weight);
  }

  private static Optional<PlainServer> sed(List<PlainServer> servers) {
    return least(servers, server -> server.active + 1L, server -> server.weight);
  }

  private static Optional<PlainServer> idle(List<PlainServer> servers) {
    return servers.stream().filter(server -> server.takes() && server.active == 0).findFirst();
  }

  private static Optional<PlainServer> heaviest(
      List<PlainServer> servers, Predicate<PlainServer> condition) {
    return servers.stream()
        .filter(PlainServer::takes)
        .filter(condition)
        .sorted(Comparator.comparingInt((PlainServer server) -> server.weight).reversed())
        .findFirst();
  }

  /** Whether a server is busier than its weight while another is at less than half of its own. */
  static boolean isBusy(PlainServer server, List<PlainServer> servers) {
    return server.active > server.weight
        && servers.stream().anyMatch(other -> other.active * 2 < other.weight);
  }
}
