package dev.packetpath.ipvs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.packetpath.core.SeededDecisions;
import dev.packetpath.core.VirtualClock;
import dev.packetpath.core.Work;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.core.packet.TcpFlags;
import dev.packetpath.ipvs.plain.PlainServer;
import dev.packetpath.ipvs.plain.PlainService;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** Whatever becomes of a service, the engine chooses what the plain algorithm does. */
final class SchedulersAgainstPlainOnesProperties {
  private static final int STEPS = 120;
  private static final int MARK = 7;
  private static final int PORT = 8080;
  private static final ServiceKey KEY = new ServiceKey.Marked(IpFamily.IPV4, MARK);

  /** A connection that both have. */
  private record Open(Packet first, IpvsConnection connection, PlainServer server) {}

  private final List<Open> open = new ArrayList<>();

  @Provide
  Arbitrary<String> schedulers() {
    return Arbitraries.of(
        "rr", "wrr", "lc", "wlc", "sed", "nq", "sh", "dh", "mh", "lblc", "lblcr", "fo", "ovf");
  }

  @Property(tries = 200)
  void theEngineChoosesWhatThePlainAlgorithmDoes(
      @ForAll("schedulers") String scheduler, @ForAll @IntRange(max = 1_000_000) int seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Set<String> flags = new HashSet<>();
    ServiceSpec.Builder spec = ServiceSpec.builder(KEY).scheduler(scheduler);
    if (random.nextBoolean()) {
      flags.add("fallback");
      spec.flag(SchedulerFlag.FLAG_1);
    }
    if (random.nextBoolean()) {
      flags.add("port");
      spec.flag(SchedulerFlag.FLAG_2);
    }
    Ipvs engine =
        new Ipvs(IpvsSettings.DEFAULTS, new VirtualClock(), new SeededDecisions(seed), new Work());
    engine.add(spec.build());
    PlainService plain = new PlainService(scheduler, flags);
    int[] weights = random.nextBoolean() ? new int[] {0, 1, 2, 3} : new int[] {0, 7, 60, 65_535};
    open.clear();
    for (int step = 0; step < STEPS; step++) {
      change(engine, plain, random, weights);
      connect(engine, plain, random.nextInt(12), random.nextInt(3));
      progress(engine, plain, random);
    }
  }

  /** Some tables tell up to 255 servers apart by one byte. */
  @Property(tries = 6)
  void manyServersAreToldApart(
      @ForAll("hashing") String scheduler,
      @ForAll @IntRange(min = 250, max = 600) int servers,
      @ForAll @IntRange(max = 1_000_000) int seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Ipvs engine =
        new Ipvs(IpvsSettings.DEFAULTS, new VirtualClock(), new SeededDecisions(seed), new Work());
    engine.add(ServiceSpec.builder(KEY).scheduler(scheduler).build());
    PlainService plain = new PlainService(scheduler, Set.of());
    for (int i = 0; i < servers; i++) {
      int address = 0x0AF4_0000 + i;
      int weight = random.nextInt(3);
      engine.addServer(
          KEY, ServerSpec.builder(IpAddress.ipv4(address), PORT).weight(weight).build());
      plain.add(address, PORT, weight, 0, 0);
    }
    for (int client = 0; client < 200; client++) {
      connect(engine, plain, random.nextInt(5_000), random.nextInt(5_000));
    }
  }

  @Provide
  Arbitrary<String> hashing() {
    return Arbitraries.of("sh", "dh", "mh");
  }

  private static void change(
      Ipvs engine, PlainService plain, SplittableRandom random, int[] weights) {
    int address = 0x0AF4_0000 + random.nextInt(8);
    int weight = weights[random.nextInt(weights.length)];
    int upper = random.nextInt(3) == 0 ? 1 + random.nextInt(6) : 0;
    int lower = upper == 0 ? 0 : random.nextInt(upper + 1);
    ServerSpec spec =
        ServerSpec.builder(IpAddress.ipv4(address), PORT)
            .weight(weight)
            .thresholds(upper, lower)
            .build();
    int what = random.nextInt(10);
    if (plain.find(address).isEmpty()) {
      if (what < 3) {
        engine.addServer(KEY, spec);
        plain.add(address, PORT, weight, upper, lower);
      }
    } else if (what == 3) {
      engine.removeServer(KEY, spec.address(), PORT);
      plain.remove(address);
    } else if (what < 6) {
      engine.editServer(KEY, spec);
      plain.edit(address, weight, upper, lower);
    }
  }

  private void connect(Ipvs engine, PlainService plain, int clientNumber, int virtualNumber) {
    int client = 0xC633_6400 + clientNumber;
    int destination = 0x0A60_0000 + virtualNumber;
    int clientPort = 1024 + open.size() % 60_000;
    Packet syn =
        new Packet()
            .source(IpAddress.ipv4(client))
            .sourcePort(clientPort)
            .destination(IpAddress.ipv4(destination))
            .destinationPort(80)
            .mark(MARK)
            .tcpFlags(TcpFlags.SYN);
    Optional<PlainServer> expected = plain.connect(client, clientPort, destination);
    boolean forwarded = engine.fromClient(syn.copy(), false) == Disposition.FORWARD;
    Optional<Integer> chosen =
        forwarded ? Optional.of(engine.connection().serverAddress().ipv4Bits()) : Optional.empty();
    assertThat(chosen).isEqualTo(expected.map(PlainServer::address));
    expected.ifPresent(server -> open.add(new Open(syn, engine.connection(), server)));
  }

  /** Lets one of the connections be half closed, or end. */
  private void progress(Ipvs engine, PlainService plain, SplittableRandom random) {
    if (open.isEmpty() || random.nextInt(3) > 0) {
      return;
    }
    Open one = open.get(random.nextInt(open.size()));
    if (!one.connection.isLive()) {
      return;
    }
    if (one.connection.isActive() && one.connection.server().isAvailable()) {
      engine.fromClient(one.first.copy().tcpFlags(TcpFlags.ACK), false);
      engine.fromClient(one.first.copy().tcpFlags(TcpFlags.FIN), false);
      plain.pause(one.server);
    } else {
      plain.end(one.server, one.connection.isActive());
      engine.expire(one.connection);
    }
    RealServer server = one.connection.server();
    String counts = server.activeConnections() + " of " + server.totalConnections();
    assertThat(counts + (server.isOverloaded() ? ", full" : "")).isEqualTo(one.server.counts());
  }
}
