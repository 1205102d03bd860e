package dev.packetpath.ipvs.plain;

import java.math.BigInteger;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** mh: each server lists all slots in an order of its own; in turn they take the next free one. */
final class PlainMaglev implements PlainScheduler {
  private static final int SIZE = 4093;
  private static final long FIRST_KEY = 2_654_435_761L;
  private static final long SECOND_KEY = 2_654_446_892L;

  private final PlainService service;
  private Map<Integer, PlainServer> owners = new HashMap<>();

  PlainMaglev(PlainService service) {
    this.service = service;
  }

  private static int hash(int value, long key, int size) {
    return (int) ((PlainSipHash.of(value, key) & 0xffff_ffffL) % size);
  }

  @Override
  public void edited() {
    listChanged();
  }

  @Override
  public void listChanged() {
    owners = new HashMap<>();
    BigInteger divisor = BigInteger.ZERO;
    int most = 0;
    for (PlainServer server : service.servers) {
      divisor = divisor.gcd(BigInteger.valueOf(server.lastWeight));
      most = Math.max(most, server.lastWeight);
    }
    if (divisor.signum() == 0) {
      return;
    }
    int shift = Math.max(0, BigInteger.valueOf(most).divide(divisor).bitLength() - 6);
    Map<PlainServer, Integer> tried = new HashMap<>();
    while (owners.size() < SIZE) {
      for (PlainServer server : service.servers) {
        int turns = (server.lastWeight / divisor.intValueExact()) >> shift;
        turns = turns == 0 && server.lastWeight > 0 ? 1 : turns;
        for (int turn = 0; turn < turns && owners.size() < SIZE; turn++) {
          long offset = hash(server.address + server.port, FIRST_KEY, SIZE);
          long skip = hash(server.address + server.port, SECOND_KEY, SIZE - 1) + 1L;
          int slot;
          do {
            slot = (int) ((offset + tried.getOrDefault(server, 0) * skip) % SIZE);
            tried.merge(server, 1, Integer::sum);
          } while (owners.containsKey(slot));
          owners.put(slot, server);
        }
      }
    }
  }

  @Override
  public Optional<PlainServer> choose(int client, int clientPort, int destination) {
    if (owners.isEmpty()) {
      return Optional.empty();
    }
    int value = client + (service.flags.contains("port") ? clientPort : 0);
    int slot = hash(value, FIRST_KEY, SIZE);
    if (owners.get(slot).takes()) {
      return Optional.of(owners.get(slot));
    }
    for (int offset = 0; offset < SIZE && service.flags.contains("fallback"); offset++) {
      PlainServer server = owners.get(hash((offset + slot) % SIZE + value, FIRST_KEY, SIZE));
      if (server.takes()) {
        return Optional.of(server);
      }
    }
    return Optional.empty();
  }
}
