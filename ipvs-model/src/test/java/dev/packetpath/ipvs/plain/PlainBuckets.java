package dev.packetpath.ipvs.plain;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** sh, where a server has as many buckets in a row as its weight, and dh, where it has one. */
final class PlainBuckets implements PlainScheduler {
  private final PlainService service;
  private final boolean bySource;
  private List<PlainServer> order = List.of();

  PlainBuckets(PlainService service, boolean bySource) {
    this.service = service;
    this.bySource = bySource;
  }

  @Override
  public void listChanged() {
    order = new ArrayList<>();
    for (PlainServer server : service.servers) {
      order.addAll(Collections.nCopies(bySource ? Math.max(1, server.weight) : 1, server));
    }
    order = order.subList(0, Math.min(256, order.size()));
  }

  @Override
  public void edited() {
    if (bySource) {
      listChanged();
    }
  }

  private PlainServer bucket(int number) {
    return order.get((number & 255) % order.size());
  }

  private static int hash(int value) {
    return (int) (((value & 0xffff_ffffL) * 0x61C8_8647L & 0xffff_ffffL) >> 24);
  }

  @Override
  public Optional<PlainServer> choose(int client, int clientPort, int destination) {
    if (order.isEmpty()) {
      return Optional.empty();
    }
    int port = service.flags.contains("port") ? clientPort : 0;
    int hash = bySource ? hash(client + port) : hash(destination);
    if (bucket(hash).takes()) {
      return Optional.of(bucket(hash));
    }
    boolean goesOn = bySource && service.flags.contains("fallback");
    for (int offset = 0; offset < 256 && goesOn; offset++) {
      PlainServer server = bucket((offset + hash) % 256 + hash);
      if (server.takes()) {
        return Optional.of(server);
      }
    }
    return Optional.empty();
  }
}
