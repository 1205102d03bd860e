package dev.packetpath.ipvs;

import dev.packetpath.conntrack.JenkinsHash;
import dev.packetpath.core.Work;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.packet.IpvsInfo.Method;
import dev.packetpath.core.packet.Packet;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * The hash table of connections and templates (ip_vs_conn_tab). Hashed by the client's end alone,
 * so that packets both ways find a connection in one bucket; the newest of a bucket is first.
 *
 * <p>{@link #incoming} and {@link #outgoing} are hot: linear in the bucket's connections, which are
 * counted, and without allocation.
 *
 * <p>Source: net/netfilter/ipvs/ip_vs_conn.c, Linux 6.1, with 0 for the random number of a boot.
 */
final class ConnectionTable {
  private final IpvsConnection[] buckets;
  private final int mask;
  private final Work work;
  private int size;

  ConnectionTable(int bits, Work work) {
    this.buckets = new IpvsConnection[1 << bits];
    Arrays.fill(buckets, IpvsConnection.NONE);
    this.mask = buckets.length - 1;
    this.work = work;
  }

  int buckets() {
    return buckets.length;
  }

  int size() {
    return size;
  }

  /** Returns the first connection of a bucket; the others follow by {@code nextInBucket}. */
  IpvsConnection head(int bucket) {
    return buckets[bucket];
  }

  int bucketOf(IpFamily family, int protocol, long high, long low, int port) {
    int address = Integer.reverseBytes((int) low);
    if (family == IpFamily.IPV6) {
      address =
          JenkinsHash.fourWords(
              Integer.reverseBytes((int) (high >>> 32)),
              Integer.reverseBytes((int) high),
              Integer.reverseBytes((int) (low >>> 32)),
              address,
              0);
    }
    int rawPort = Integer.reverseBytes(port) >>> 16;
    return JenkinsHash.threeWords(address, rawPort, protocol, 0) & mask;
  }

  private int bucketOf(IpvsConnection connection) {
    return bucketOf(
        connection.family(),
        connection.protocol(),
        connection.clientHigh(),
        connection.clientLow(),
        connection.clientPort());
  }

  void insert(IpvsConnection connection) {
    int bucket = bucketOf(connection);
    IpvsConnection first = buckets[bucket];
    connection.nextInBucket = first;
    connection.previousInBucket = IpvsConnection.NONE;
    if (first.exists()) {
      first.previousInBucket = connection;
    }
    buckets[bucket] = connection;
    connection.live = true;
    size++;
  }

  void remove(IpvsConnection connection) {
    IpvsConnection next = connection.nextInBucket;
    IpvsConnection previous = connection.previousInBucket;
    if (previous.exists()) {
      previous.nextInBucket = next;
    } else {
      buckets[bucketOf(connection)] = next;
    }
    if (next.exists()) {
      next.previousInBucket = previous;
    }
    connection.live = false;
    size--;
  }

  /** Returns the connection of a packet from a client to a virtual service. */
  IpvsConnection incoming(Packet packet) {
    return find(
        packet,
        packet.sourceHigh(),
        packet.sourceLow(),
        packet.sourcePort(),
        packet.destinationHigh(),
        packet.destinationLow(),
        packet.destinationPort());
  }

  /** Returns the connection whose client and virtual service a packet has the other way round. */
  IpvsConnection incomingInverse(Packet packet) {
    return find(
        packet,
        packet.destinationHigh(),
        packet.destinationLow(),
        packet.destinationPort(),
        packet.sourceHigh(),
        packet.sourceLow(),
        packet.sourcePort());
  }

  private IpvsConnection find(
      Packet packet,
      long clientHigh,
      long clientLow,
      int clientPort,
      long virtualHigh,
      long virtualLow,
      int virtualPort) {
    int bucket = bucketOf(packet.family(), packet.protocol(), clientHigh, clientLow, clientPort);
    int compared = 0;
    IpvsConnection connection = buckets[bucket];
    while (connection.exists()) {
      compared++;
      if (connection.clientPort() == clientPort
          && connection.virtualPort() == virtualPort
          && connection.clientLow() == clientLow
          && connection.clientHigh() == clientHigh
          && connection.virtualLow() == virtualLow
          && connection.virtualHigh() == virtualHigh
          && clientPort != 0
          && connection.protocol() == packet.protocol()
          && connection.family() == packet.family()) {
        break;
      }
      connection = connection.nextInBucket;
    }
    work.add(IpvsOperations.CONNECTION_LOOKUP);
    work.add(IpvsOperations.CONNECTION_COMPARED, compared);
    return connection;
  }

  /** Returns the connection of a packet from a real server to a client. */
  IpvsConnection outgoing(Packet packet) {
    return findAnswered(
        packet,
        packet.destinationHigh(),
        packet.destinationLow(),
        packet.destinationPort(),
        packet.sourceHigh(),
        packet.sourceLow(),
        packet.sourcePort());
  }

  /** Returns the connection by which a packet got to a real server. */
  IpvsConnection outgoingInverse(Packet packet) {
    return findAnswered(
        packet,
        packet.sourceHigh(),
        packet.sourceLow(),
        packet.sourcePort(),
        packet.destinationHigh(),
        packet.destinationLow(),
        packet.destinationPort());
  }

  private IpvsConnection findAnswered(
      Packet packet,
      long high,
      long low,
      int port,
      long serverHigh,
      long serverLow,
      int serverPort) {
    int compared = 0;
    IpvsConnection connection =
        buckets[bucketOf(packet.family(), packet.protocol(), high, low, port)];
    while (connection.exists()) {
      compared++;
      if (connection.clientPort() == port
          && connection.clientLow() == low
          && connection.clientHigh() == high
          && connection.protocol() == packet.protocol()
          && connection.family() == packet.family()
          && isServer(connection, serverHigh, serverLow, serverPort)) {
        break;
      }
      connection = connection.nextInBucket;
    }
    work.add(IpvsOperations.CONNECTION_LOOKUP);
    work.add(IpvsOperations.CONNECTION_COMPARED, compared);
    return connection;
  }

  /** A masqueraded server answers for itself, others in the name of the virtual service. */
  private static boolean isServer(IpvsConnection connection, long high, long low, int port) {
    if (connection.method() == Method.MASQUERADE) {
      return port == connection.serverPort()
          && low == connection.serverAddress().low()
          && high == connection.serverAddress().high();
    }
    return port == connection.virtualPort()
        && low == connection.virtualLow()
        && high == connection.virtualHigh();
  }

  /** Returns the template with the key of another that is not in the table. */
  IpvsConnection template(IpvsConnection wanted) {
    int compared = 0;
    IpvsConnection connection = buckets[bucketOf(wanted)];
    while (connection.exists()) {
      compared++;
      if (connection.isTemplate()
          && connection.protocol() == wanted.protocol()
          && connection.family() == wanted.family()
          && connection.clientLow() == wanted.clientLow()
          && connection.clientHigh() == wanted.clientHigh()
          && connection.virtualLow() == wanted.virtualLow()
          && connection.virtualHigh() == wanted.virtualHigh()
          && connection.virtualPort() == wanted.virtualPort()
          && connection.clientPort() == wanted.clientPort()) {
        break;
      }
      connection = connection.nextInBucket;
    }
    work.add(IpvsOperations.CONNECTION_LOOKUP);
    work.add(IpvsOperations.CONNECTION_COMPARED, compared);
    return connection;
  }

  /** Hands each connection and template to a consumer, bucket by bucket, which may remove it. */
  void forEach(Consumer<IpvsConnection> consumer) {
    for (IpvsConnection first : buckets) {
      IpvsConnection connection = first;
      while (connection.exists()) {
        IpvsConnection next = connection.nextInBucket;
        consumer.accept(connection);
        connection = next;
      }
    }
  }
}
