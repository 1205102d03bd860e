package dev.packetpath.conformance;

import com.google.common.collect.ImmutableList;
import dev.packetpath.core.net.IpFamily;
import java.util.List;
import java.util.Random;

/**
 * The few addresses and ports of generated packets, so that they meet rules and one another often.
 */
final class LabAddresses {
  private static final ImmutableList<Client> CLIENTS_V4 =
      ImmutableList.of(
          new Client("eth0", "10.0.1.2"),
          new Client("eth0", "10.0.1.3"),
          new Client("eth0", "10.1.0.5"),
          new Client("eth0", "10.1.7.9"),
          new Client("eth1", "10.0.2.2"),
          new Client("eth1", "10.2.0.5"),
          new Client("local", "10.0.1.1"),
          new Client("local", "10.0.2.1"));
  private static final ImmutableList<Client> CLIENTS_V6 =
      ImmutableList.of(
          new Client("eth0", "fd00:1::2"),
          new Client("eth0", "fd01::5"),
          new Client("eth1", "fd00:2::2"),
          new Client("eth1", "fd02::5"),
          new Client("local", "fd00:1::1"),
          new Client("local", "fd00:2::1"));
  private static final ImmutableList<String> DESTINATIONS_V4 =
      ImmutableList.of(
          "10.0.1.1",
          "10.0.2.1",
          "10.0.1.2",
          "10.0.1.4",
          "10.0.2.3",
          "10.1.0.5",
          "10.1.7.9",
          "10.2.0.5",
          "10.2.9.1",
          "10.96.0.1",
          "10.96.0.2",
          "10.96.0.3");
  private static final ImmutableList<String> DESTINATIONS_V6 =
      ImmutableList.of(
          "fd00:1::1",
          "fd00:2::1",
          "fd00:1::3",
          "fd00:2::3",
          "fd01::5",
          "fd02::5",
          "fd96::1",
          "fd96::2");
  private static final int[] PORTS = {22, 53, 80, 443, 8080, 9090, 30080};

  private LabAddresses() {}

  /**
   * Who starts a flow.
   *
   * @param at where its packets go in
   * @param address its address
   */
  record Client(String at, String address) {}

  static Client client(Random random, IpFamily family) {
    return pick(random, family == IpFamily.IPV4 ? CLIENTS_V4 : CLIENTS_V6);
  }

  /** Returns a destination other than the client. */
  static String destination(Random random, Client client) {
    List<String> all = client.address().indexOf(':') < 0 ? DESTINATIONS_V4 : DESTINATIONS_V6;
    String destination = pick(random, all);
    return destination.equals(client.address()) ? destination(random, client) : destination;
  }

  static int port(Random random) {
    return PORTS[random.nextInt(PORTS.length)];
  }

  private static <T> T pick(Random random, List<T> values) {
    return values.get(random.nextInt(values.size()));
  }
}
