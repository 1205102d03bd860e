package dev.packetpath.ipvs.plain;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** rr: from the one behind the last, around to the last itself. */
final class PlainTurns implements PlainScheduler {
  private final List<PlainServer> servers;
  private Optional<PlainServer> last = Optional.empty();

  PlainTurns(List<PlainServer> servers) {
    this.servers = servers;
  }

  @Override
  public Optional<PlainServer> choose(int client, int clientPort, int destination) {
    List<PlainServer> order = new ArrayList<>(servers);
    last.ifPresent(server -> Collections.rotate(order, -1 - servers.indexOf(server)));
    Optional<PlainServer> next = order.stream().filter(PlainServer::takes).findFirst();
    last = next.or(() -> last);
    return next;
  }

  @Override
  public void removed(PlainServer server, int index) {
    if (last.equals(Optional.of(server))) {
      last = index == 0 ? Optional.empty() : Optional.of(servers.get(index - 1));
    }
  }
}
