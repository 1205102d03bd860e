package dev.packetpath.ipvs.plain;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** lblcr, within a day: the least loaded that a destination had; one more when that is busy. */
final class PlainReplication implements PlainScheduler {
  private final List<PlainServer> servers;
  private final Map<Integer, List<PlainServer>> remembered = new HashMap<>();

  PlainReplication(List<PlainServer> servers) {
    this.servers = servers;
  }

  @Override
  public Optional<PlainServer> choose(int client, int clientPort, int destination) {
    List<PlainServer> set = remembered.getOrDefault(destination, List.of());
    Optional<PlainServer> had =
        PlainScheduler.wlc(set.stream().filter(server -> !server.gone).toList())
            .filter(server -> !PlainScheduler.isBusy(server, servers));
    if (had.isPresent()) {
      return had;
    }
    Optional<PlainServer> server = PlainScheduler.wlc(servers);
    server.ifPresent(
        chosen -> {
          List<PlainServer> members =
              remembered.computeIfAbsent(destination, to -> new ArrayList<>());
          if (!members.contains(chosen)) {
            members.add(0, chosen);
          }
        });
    return server;
  }
}
