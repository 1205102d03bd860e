package dev.packetpath.bench;

import dev.packetpath.core.Verdict;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpPrefix;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.iptables.Walk;
import dev.packetpath.kubernetes.SyntheticCluster;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;
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
 * How long the classification of one packet by one chain takes, by its rules and by who does it.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
    value = 3,
    jvmArgsAppend = {"-XX:+UseSerialGC", "-Xms1g", "-Xmx1g"})
@State(Scope.Thread)
public class FilterBenchmark {
  /** Services' rules of one chain, as many as 20,000 Services have. */
  static final String SERVICES = "services-20000";

  /** Rules like a firewall's, see {@link FirewallRules}. */
  static final String RANDOM = "random-10000";

  /** No two rules fix the same bits. */
  static final String OWN_TUPLES = "tuples-2000";

  /** Every rule remembers how often it was asked. */
  static final String WITH_STATE = "state-2000";

  private static final int PACKETS = 1 << 12;
  private static final int ADVERSARIAL = 2_000;

  @Param({SERVICES, RANDOM, OWN_TUPLES, WITH_STATE})
  String rules = "";

  @Param({"COMPILED", "REFERENCE"})
  Walk walker = Walk.COMPILED;

  private FilterHost host = new FilterHost(ServiceNode.parse(FilterRule.table(List.of())), walker);
  private LongSupplier rulesEvaluated = host::rulesEvaluated;
  private NaiveWalker naive = new NaiveWalker(List.of());
  private ArrivingPackets packets = new ArrivingPackets(List.of());

  @Setup
  public void setUp() {
    FirewallRules firewall = new FirewallRules(10_000, 1);
    List<FilterRule> written =
        rules.equals(SERVICES)
            ? services(20_000)
            : rules.equals(RANDOM) ? firewall.rules() : List.of();
    String text =
        switch (rules) {
          case OWN_TUPLES -> AdversarialRules.ownTuples(ADVERSARIAL);
          case WITH_STATE -> AdversarialRules.withState(ADVERSARIAL);
          default -> FilterRule.table(written);
        };
    host = new FilterHost(ServiceNode.parse(text), walker);
    rulesEvaluated = host::rulesEvaluated;
    naive = new NaiveWalker(written);
    packets =
        new ArrivingPackets(
            rules.equals(SERVICES) ? toServices(20_000) : firewall.packets(PACKETS));
  }

  private static List<FilterRule> services(int count) {
    return IntStream.range(0, count)
        .mapToObj(
            service ->
                new FilterRule(
                    FilterRule.ANYWHERE,
                    false,
                    IpPrefix.host(ServiceNode.clusterIp(service)),
                    false,
                    IpProtocol.TCP,
                    PortBounds.ANY,
                    PortBounds.exactly(SyntheticCluster.PORT),
                    true))
        .toList();
  }

  private static List<Packet> toServices(int services) {
    IpAddress client = IpAddress.parse("10.128.0.9");
    return new SplittableRandom(1)
        .ints(PACKETS, 0, services)
        .mapToObj(ServiceNode::clusterIp)
        .map(
            service ->
                new Packet()
                    .addresses(client, service)
                    .protocol(IpProtocol.TCP)
                    .ports(1_024, SyntheticCluster.PORT))
        .toList();
  }

  /** By the table as a host has it. */
  @Benchmark
  public Verdict classify(RulesEvaluated counter) {
    counter.packets(1, rulesEvaluated);
    return host.walk(packets.next());
  }

  /** By a list of objects; does nothing for rules that it does not know. */
  @Benchmark
  public Verdict naive() {
    return naive.walk(packets.next());
  }
}
