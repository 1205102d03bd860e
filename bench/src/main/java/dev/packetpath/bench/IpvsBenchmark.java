package dev.packetpath.bench;

import dev.packetpath.core.SeededDecisions;
import dev.packetpath.core.VirtualClock;
import dev.packetpath.core.Work;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.core.packet.TcpFlags;
import dev.packetpath.ipvs.Disposition;
import dev.packetpath.ipvs.Ipvs;
import dev.packetpath.ipvs.IpvsSettings;
import dev.packetpath.ipvs.ServerSpec;
import dev.packetpath.ipvs.ServiceKey;
import dev.packetpath.ipvs.ServiceSpec;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * How long ip_vs takes with one packet, by the number of services and of those that are asked, with
 * the schedulers that look at one server or slot.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
    value = 3,
    jvmArgsAppend = {"-XX:+UseSerialGC", "-Xms1g", "-Xmx2g"})
@State(Scope.Thread)
public class IpvsBenchmark {
  private static final int SERVERS = 4;

  /** As many draws, a power of two, as it takes that nearly each service is asked. */
  private static final int DRAWS = 1 << 19;

  /** Far enough apart that some thousand half-open connections are live. */
  private static final long BETWEEN_CONNECTIONS_NS = 10_000_000;

  @Param({"10", "1000", "100000"})
  int services;

  /**
   * At most so many different services are asked, spread over all: the same few fill the same
   * caches however many others there are; all in turn find none of theirs there.
   */
  @Param({"10", "256", "100000"})
  int asked;

  @Param({"rr", "wrr", "sh", "dh", "mh"})
  String scheduler = "";

  private final VirtualClock clock = new VirtualClock();
  private final SeededDecisions decisions = new SeededDecisions(1);
  private final Packet syn = new Packet().tcpFlags(TcpFlags.SYN);
  private final Packet established = new Packet().tcpFlags(TcpFlags.ACK);
  private Ipvs ipvs = new Ipvs(IpvsSettings.DEFAULTS, clock, decisions, new Work());
  private int[] order = {};
  private int next;

  @Setup
  public void setUp() {
    ipvs = new Ipvs(IpvsSettings.DEFAULTS, clock, decisions, new Work());
    for (int i = 0; i < services; i++) {
      ServiceKey key = new ServiceKey.Virtual(IpProtocol.TCP, virtual(i), 80);
      ipvs.add(ServiceSpec.builder(key).scheduler(scheduler).build());
      for (int server = 0; server < SERVERS; server++) {
        IpAddress address = IpAddress.ipv4(0x0AF4_0000 + i * SERVERS + server);
        ipvs.addServer(key, ServerSpec.builder(address, 8080).build());
      }
    }
    SplittableRandom random = new SplittableRandom(1);
    int[] some = random.ints(0, services).distinct().limit(Math.min(asked, services)).toArray();
    order = random.ints(DRAWS, 0, some.length).map(draw -> some[draw]).toArray();
    established.addresses(IpAddress.parse("198.51.100.1"), virtual(services / 2)).ports(1_024, 80);
    ipvs.fromClient(established.copy().tcpFlags(TcpFlags.SYN), false);
    ipvs.fromClient(established, false);
    for (int service : some) {
      connect(service);
    }
  }

  private static IpAddress virtual(int service) {
    return IpAddress.ipv4(0x0A60_0000 + service);
  }

  /** The first packet of a connection, to any of the services asked. */
  @Benchmark
  public Disposition first() {
    return connect(order[next & (DRAWS - 1)]);
  }

  private Disposition connect(int service) {
    next++;
    clock.advanceTo(clock.nowNs() + BETWEEN_CONNECTIONS_NS);
    syn.source(0, 0x0A00_0000L + (next & 0xffff))
        .destination(0, 0x0A60_0000L + service)
        .ports(1_024 + (next >>> 16) % 60_000, 80);
    return ipvs.fromClient(syn, false);
  }

  /** A packet of a live connection, which allocates nothing. */
  @Benchmark
  public Disposition established() {
    return ipvs.fromClient(established, false);
  }
}
