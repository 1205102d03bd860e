package dev.packetpath.nftables;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import dev.packetpath.core.Hook;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpPrefix;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What is written is read again. */
final class NftJsonProperties {
  @Property(tries = 300)
  void whatIsWrittenIsReadAgain(@ForAll("tables") NftTable table) throws IOException {
    StringWriter written = new StringWriter();
    NftJsonWriter.write(List.of(table), written);
    NftTable read = NftJsonReader.readUnchecked("x", new StringReader(written.toString())).get(0);
    assertThat(read.family()).isEqualTo(table.family());
    assertThat(read.name()).isEqualTo(table.name());
    assertThat(read.sets()).isEqualTo(table.sets());
    assertThat(read.chains()).extracting(NftChain::name).isEqualTo(names(table));
    for (int i = 0; i < read.chains().size(); i++) {
      assertThat(read.chains().get(i).base()).isEqualTo(table.chains().get(i).base());
      assertThat(read.chains().get(i).rules().get()).isEqualTo(table.chains().get(i).rules().get());
    }
    StringWriter again = new StringWriter();
    NftJsonWriter.write(List.of(read), again);
    assertThat(again.toString()).isEqualTo(written.toString());
  }

  private static List<String> names(NftTable table) {
    return table.chains().stream().map(NftChain::name).toList();
  }

  @Provide
  Arbitrary<NftTable> tables() {
    return Combinators.combine(
            Arbitraries.of(IpFamily.class),
            sets().list().ofMaxSize(3),
            rules().list().ofMaxSize(4),
            rules().list().ofMaxSize(3))
        .as(
            (family, sets, base, other) ->
                new NftTable(
                    family,
                    "kube-proxy",
                    numbered(sets),
                    ImmutableList.of(
                        chain("filter-input", base, new NftChain.Base("filter", Hook.INPUT, -110)),
                        chain("services", other))));
  }

  private static ImmutableList<NftSet> numbered(List<NftSet> sets) {
    ImmutableList.Builder<NftSet> numbered = ImmutableList.builder();
    for (int i = 0; i < sets.size(); i++) {
      NftSet set = sets.get(i);
      numbered.add(
          new NftSet(
              "set" + i,
              set.keyTypes(),
              set.isMap(),
              set.timeoutSeconds(),
              set.comment(),
              set.elements(),
              set.cases()));
    }
    return numbered.build();
  }

  private static NftChain chain(String name, List<NftRule> rules, NftChain.Base... base) {
    ImmutableList<NftRule> all = ImmutableList.copyOf(rules);
    return new NftChain(
        name, base.length == 0 ? Optional.empty() : Optional.of(base[0]), () -> all);
  }

  private static Arbitrary<NftSet> sets() {
    Arbitrary<String> comments = Arbitraries.of("", "Active ClusterIPs");
    return Arbitraries.oneOf(
        Combinators.combine(addresses().list().ofMaxSize(4), comments)
            .as(
                (elements, comment) ->
                    new NftSet(
                        "s",
                        ImmutableList.of("ipv4_addr"),
                        false,
                        0,
                        comment,
                        ImmutableList.copyOf(elements),
                        ImmutableList.of())),
        Arbitraries.integers().between(1, 86_400).map(s -> NftSet.dynamic("s", "ipv4_addr", s)),
        cases()
            .list()
            .ofMaxSize(4)
            .map(
                cases ->
                    NftSet.map(
                        "s",
                        ImmutableList.of("ipv4_addr", "inet_proto", "inet_service"),
                        ImmutableList.copyOf(cases))));
  }

  private static Arbitrary<Statement.Case> cases() {
    return Combinators.combine(addresses(), Arbitraries.integers().between(1, 65_535), verdicts())
        .as(
            (address, port, verdict) ->
                new Statement.Case(
                    new Expression.Concat(
                        ImmutableList.of(
                            address, new Expression.Word("tcp"), new Expression.Count(port))),
                    verdict));
  }

  private static Arbitrary<Expression> addresses() {
    return Arbitraries.integers().map(bits -> new Expression.Word(ipv4(bits).toString()));
  }

  private static IpAddress ipv4(int bits) {
    return IpAddress.ipv4(bits);
  }

  private static Arbitrary<ChainVerdict> verdicts() {
    return Arbitraries.of(
        new ChainVerdict.Accept(),
        new ChainVerdict.Drop(),
        new ChainVerdict.Return(),
        new ChainVerdict.Jump("services"),
        new ChainVerdict.GoTo("endpoint-X-ns/svc/tcp/p__10.0.0.1/80"));
  }

  private static Arbitrary<NftRule> rules() {
    return Combinators.combine(
            statements().list().ofMinSize(1).ofMaxSize(4), Arbitraries.of("", "a comment"))
        .as((statements, comment) -> new NftRule(ImmutableList.copyOf(statements), comment));
  }

  private static Arbitrary<Statement> statements() {
    return Arbitraries.oneOf(
        Combinators.combine(Arbitraries.of(Statement.Comparison.class), fields(), values())
            .as(Statement.Match::new),
        fields().map(key -> new Statement.VerdictByMap(key, "service-ips")),
        cases()
            .list()
            .ofMinSize(1)
            .ofMaxSize(3)
            .map(
                cases ->
                    new Statement.VerdictByCase(
                        new Expression.Random(3), ImmutableList.copyOf(cases))),
        verdicts().map(Statement.Conclude::new),
        Arbitraries.just(new Statement.Reject()),
        Combinators.combine(
                Arbitraries.of(Expression.Operator.class),
                Arbitraries.longs().between(0, 0xffff_ffffL))
            .as(Statement.SetMark::new),
        Arbitraries.of(true, false).map(Statement.Masquerade::new),
        Combinators.combine(Arbitraries.integers(), Arbitraries.integers().between(1, 65_535))
            .as((bits, port) -> new Statement.Dnat(ipv4(bits), port)),
        fields().map(key -> new Statement.Update("affinity-X", key)));
  }

  private static Arbitrary<Expression> fields() {
    Arbitrary<Expression> simple =
        Arbitraries.of(
            new Expression.Payload("ip", "daddr"),
            new Expression.Payload("th", "dport"),
            new Expression.Meta("l4proto"),
            new Expression.Meta("mark"),
            new Expression.Ct("state"),
            new Expression.FibType("saddr"),
            new Expression.Random(7));
    return Arbitraries.oneOf(
        simple,
        simple
            .list()
            .ofMinSize(2)
            .ofMaxSize(3)
            .map(p -> new Expression.Concat(ImmutableList.copyOf(p))),
        Combinators.combine(
                Arbitraries.of(Expression.Operator.class),
                simple,
                Arbitraries.longs().between(0, 0xffff_ffffL))
            .as(Expression.Bitwise::new));
  }

  private static Arbitrary<Expression> values() {
    Arbitrary<Expression> ranges =
        Combinators.combine(Arbitraries.integers(), Arbitraries.integers().between(0, 32))
            .as((bits, length) -> new Expression.Range(IpPrefix.of(ipv4(bits), length)));
    return Arbitraries.oneOf(
        addresses(),
        ranges,
        Arbitraries.longs().between(0, 0xffff_ffffL).map(Expression.Count::new),
        Arbitraries.of("local", "new", "veth*", "tcp").map(Expression.Word::new),
        Arbitraries.just(new Expression.InSet("cluster-ips")),
        Arbitraries.oneOf(addresses(), ranges)
            .list()
            .ofMinSize(1)
            .ofMaxSize(4)
            .map(parts -> new Expression.AnyOf(ImmutableList.copyOf(parts))));
  }
}
