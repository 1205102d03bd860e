package dev.packetpath.ipvs.plain;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** lblc: what a destination had, while it is there, of some weight, and not the busier one. */
final class PlainLocality implements PlainScheduler {
  private final List<PlainServer> servers;
  private final Map<Integer, PlainServer> remembered = new HashMap<>();

  PlainLocality(List<PlainServer> servers) {
    this.servers = servers;
  }

  @Override
  public Optional<PlainServer> choose(int client, int clientPort, int destination) {
    Optional<PlainServer> had =
        Optional.ofNullable(remembered.get(destination))
            .filter(server -> !server.gone && server.weight > 0)
            .filter(server -> !PlainScheduler.isBusy(server, servers));
    if (had.isPresent()) {
      return had;
    }
    Optional<PlainServer> server = PlainScheduler.wlc(servers);
    server.ifPresent(chosen -> remembered.put(destination, chosen));
    return server;
  }
}
