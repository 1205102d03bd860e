package dev.packetpath.ipvs.plain;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A service that does by lists and loops what the engine does by rings and tables. */
public final class PlainService {
  final List<PlainServer> servers = new ArrayList<>();
  final Set<String> flags;
  private final Map<Integer, PlainServer> removed = new HashMap<>();
  private final PlainScheduler scheduler;

  /** Creates one without servers; flags are "fallback" and "port". */
  public PlainService(String scheduler, Set<String> flags) {
    this.flags = flags;
    this.scheduler = PlainScheduler.named(scheduler, this);
  }

  /**
   * Adds a server at the head of the list; one that had connections when it left has them again.
   */
  public void add(int address, int port, int weight, int upper, int lower) {
    PlainServer before = removed.remove(address);
    PlainServer server = before == null ? new PlainServer(address, port) : before;
    server.gone = false;
    server.lastWeight = 0;
    server.set(weight, upper, lower);
    servers.add(0, server);
    scheduler.listChanged();
  }

  /** Changes a server. */
  public void edit(int address, int weight, int upper, int lower) {
    find(address).orElseThrow().set(weight, upper, lower);
    scheduler.edited();
  }

  /** Removes a server. */
  public void remove(int address) {
    PlainServer server = find(address).orElseThrow();
    int index = servers.indexOf(server);
    servers.remove(index);
    server.gone = true;
    removed.put(address, server);
    scheduler.removed(server, index);
  }

  /** Returns a server of the list. */
  public Optional<PlainServer> find(int address) {
    return servers.stream().filter(server -> server.address == address).findFirst();
  }

  /** Schedules a connection, which is active from then on. */
  public Optional<PlainServer> connect(int client, int clientPort, int destination) {
    Optional<PlainServer> server = scheduler.choose(client, clientPort, destination);
    server.ifPresent(PlainServer::begin);
    return server;
  }

  /** A connection of a server is no longer active. */
  public void pause(PlainServer server) {
    server.active--;
  }

  /** A connection of a server is over. */
  public void end(PlainServer server, boolean wasActive) {
    server.end(wasActive);
  }
}
