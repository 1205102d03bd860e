package dev.packetpath.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Sets;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.iptables.Ruleset;
import dev.packetpath.iptables.TableName;
import dev.packetpath.iptables.syntax.SavePrinter;
import dev.packetpath.iptables.testing.RulesetArbitraries;
import dev.packetpath.testkit.RulesetTexts;
import dev.packetpath.testkit.Samples;
import java.util.EnumSet;
import java.util.Random;

/**
 * Draws what kernel and models are asked: rule sets of both families, sets and packets. One seed
 * gives one case. Of four cases, three have rule sets of {@link RulesetTexts}, which meet their
 * packets often; one has those of the property tests' generators, which hold every match and
 * target.
 */
final class LiveCases {
  private static final int OVER_TIME_EVERY = 50;
  private static final int PAUSES = 6;
  private static final double[] PAUSE_SECONDS = {0.02, 0.1, 0.25, 0.5, 1.05};
  private static final ImmutableList<String> SHORT_TIMEOUTS =
      ImmutableList.of(
          "udp_timeout",
          "udp_timeout_stream",
          "icmp_timeout",
          "icmpv6_timeout",
          "tcp_timeout_syn_sent",
          "tcp_timeout_syn_recv",
          "tcp_timeout_established",
          "tcp_timeout_close",
          "sctp_timeout_closed",
          "sctp_timeout_cookie_wait");

  /**
   * iptables-nft hangs the security table behind source NAT, at 150, and not before it as the
   * kernel.
   */
  private static final ImmutableSet<TableName> TABLES_ALIKE_IN_NFT =
      Sets.immutableEnumSet(TableName.RAW, TableName.MANGLE, TableName.NAT, TableName.FILTER);

  private final boolean nft;
  private final ImmutableSet<TableName> tables;

  /**
   * Creates a source of cases. iptables-nft refuses forms of options that the legacy tool takes, so
   * it is not asked all matches and targets.
   *
   * @param backend {@code legacy} or {@code nft}
   */
  LiveCases(String backend) {
    this.nft = backend.equals("nft");
    this.tables = nft ? TABLES_ALIKE_IN_NFT : Sets.immutableEnumSet(EnumSet.allOf(TableName.class));
  }

  /** Returns the case of a seed; without packets if the models refuse its rules. */
  ObjectNode draw(long seed, int packets) {
    Random random = new Random(seed);
    if (seed % OVER_TIME_EVERY == 0) {
      return overTime(random, packets);
    }
    return seed % 4 == 3 && !nft
        ? ofArbitraries(random, packets)
        : ofTexts(random, packets, RulesetTexts.Theme.ANY);
  }

  /** Returns a case in which seconds pass, and connections and set elements come to their end. */
  ObjectNode overTime(long seed, int packets) {
    return overTime(new Random(seed), packets);
  }

  private ObjectNode overTime(Random random, int packets) {
    ObjectNode vector = ofTexts(random, packets, RulesetTexts.Theme.TIME);
    ObjectNode sysctls = vector.putObject("sysctls");
    for (String timeout : SHORT_TIMEOUTS) {
      sysctls.put("net.netfilter.nf_conntrack_" + timeout, Integer.toString(1 + random.nextInt(2)));
    }
    for (int i = 0; i < PAUSES && !vector.path("packets").isEmpty(); i++) {
      JsonNode packet = vector.path("packets").path(random.nextInt(vector.path("packets").size()));
      ((ObjectNode) packet).put("sleep", PAUSE_SECONDS[random.nextInt(PAUSE_SECONDS.length)]);
    }
    return vector;
  }

  private ObjectNode ofTexts(Random random, int packets, RulesetTexts.Theme theme) {
    ObjectNode vector = timed();
    vector.put("ipset", RulesetTexts.sets(random));
    vector.put("ruleset", RulesetTexts.ruleset(random, IpFamily.IPV4, tables, theme));
    vector.put("ruleset6", RulesetTexts.ruleset(random, IpFamily.IPV6, tables, theme));
    vector.putArray("packets");
    if (ModelRun.refusal(vector).isEmpty()) {
      PacketScript.addTo(vector, random, packets, number -> PacketScript.endpoints(random, number));
    } // else whether the kernel refuses them too is compared all the same
    return vector;
  }

  private ObjectNode ofArbitraries(Random random, int packets) {
    Ruleset v4 = ruleset(IpFamily.IPV4, random);
    Ruleset v6 = ruleset(IpFamily.IPV6, random);
    ObjectNode vector = timed();
    vector.put("ruleset", SavePrinter.toText(v4, false));
    vector.put("ruleset6", SavePrinter.toText(v6, false));
    vector.putArray("packets");
    if (ModelRun.refusal(vector).isEmpty()) {
      AimedEndpoints aimed4 = new AimedEndpoints(v4, random);
      AimedEndpoints aimed6 = new AimedEndpoints(v6, random);
      PacketScript.addTo(
          vector, random, packets, number -> (random.nextBoolean() ? aimed4 : aimed6).draw(number));
    }
    return vector;
  }

  private Ruleset ruleset(IpFamily family, Random random) {
    Ruleset drawn =
        Samples.draw(RulesetArbitraries.rulesets(family, RulesetArbitraries.Parts.ALL), random);
    return new Ruleset(
        family,
        ForeseeableRules.of(drawn).tables().stream()
            .filter(table -> tables.contains(table.name()))
            .collect(ImmutableList.toImmutableList()));
  }

  private static ObjectNode timed() {
    return JsonNodeFactory.instance.objectNode().put("timed", true);
  }
}
