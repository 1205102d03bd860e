package dev.packetpath.iptables.ipset;

import static org.assertj.core.api.Assertions.assertThat;

import dev.packetpath.core.Hook;
import dev.packetpath.core.HookState;
import dev.packetpath.core.SyntaxException;
import dev.packetpath.core.VirtualClock;
import dev.packetpath.core.Work;
import dev.packetpath.core.host.Device;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.core.testing.PacketArbitraries;
import dev.packetpath.iptables.testing.IpsetArbitraries;
import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class IpsetProperties {
  private static final HookState STATE =
      new HookState(Hook.FORWARD, Device.ethernet("eth0", 2), Device.ethernet("eth1", 3));

  /** A set and what is added to it. */
  record Filled(SetSpec spec, List<SetEntry> entries) {}

  @Provide
  Arbitrary<Filled> withRanges() {
    return IpsetArbitraries.specs("s")
        .flatMap(
            spec ->
                IpsetArbitraries.entries(spec, IpsetArbitraries.elements(spec))
                    .list()
                    .ofMaxSize(12)
                    .map(entries -> new Filled(spec, entries)));
  }

  @Provide
  Arbitrary<Filled> singles() {
    return IpsetArbitraries.specs("s")
        .flatMap(
            spec ->
                IpsetArbitraries.entries(spec, IpsetArbitraries.singleElements(spec))
                    .list()
                    .ofMaxSize(12)
                    .map(entries -> new Filled(spec, entries)));
  }

  @Provide
  Arbitrary<SetDimensions> dimensions() {
    return Combinators.combine(
            Arbitraries.integers().between(1, 6), Arbitraries.integers().between(0, 63))
        .as((size, bits) -> new SetDimensions(size, bits & ((1 << size) - 1)));
  }

  @Provide
  Arbitrary<List<Packet>> packets() {
    return PacketArbitraries.packets().list().ofSize(8);
  }

  @Property(tries = 400, edgeCases = EdgeCasesMode.NONE)
  void whatIsPrintedReadsBackTheSame(@ForAll("withRanges") Filled filled) throws IOException {
    List<IpsetCommand> commands = new ArrayList<>();
    commands.add(new IpsetCommand.Create(filled.spec(), false));
    for (SetEntry entry : filled.entries()) {
      commands.add(new IpsetCommand.Add("s", entry, true));
      commands.add(new IpsetCommand.Delete("s", SetEntry.of(entry.element()), false));
    }
    StringBuilder text = new StringBuilder();
    for (IpsetCommand command : commands) {
      IpsetPrinter.print(command, text);
    }
    List<IpsetCommand> read = new ArrayList<>();
    new IpsetReader("text", false).read(new StringReader(text.toString()), read::add);
    assertThat(read).isEqualTo(commands);
  }

  @Property(tries = 400, edgeCases = EdgeCasesMode.NONE)
  void whatIsSavedRestoresTheSameSet(@ForAll("withRanges") Filled filled) throws IOException {
    IpSets sets = fill(filled, new VirtualClock(), new Work());
    String saved = save(sets);
    IpSets again = new IpSets(new VirtualClock(), new Work());
    again.restore("saved", new StringReader(saved), false);
    assertThat(save(again)).isEqualTo(saved);
  }

  @Property(tries = 400, edgeCases = EdgeCasesMode.NONE)
  void aLookupAgreesWithTheListOfElementsInAnswerAndWork(
      @ForAll("singles") Filled filled,
      @ForAll("packets") List<Packet> packets,
      @ForAll("dimensions") SetDimensions dimensions,
      @ForAll boolean returnNomatch) {
    Work work = new Work();
    Filled permanent = permanent(filled);
    IpSets sets = fill(permanent, new VirtualClock(), work);
    ReferenceSet reference = new ReferenceSet(filled.spec());
    sets.forEachEntry("s", reference::add);
    TestOptions options =
        new TestOptions(returnNomatch, true, true, CounterTest.NONE, CounterTest.NONE);
    for (Packet packet : packets) {
      work.clear();
      boolean found = sets.test("s", packet, STATE, dimensions, options);
      assertThat(found).isEqualTo(reference.test(packet, STATE, dimensions, returnNomatch));
      assertThat(work.count(SetContext.SET_LOOKUP)).isEqualTo(1);
      assertThat(work.count(SetContext.SET_PROBE)).isEqualTo(reference.probes);
    }
  }

  /** The elements kept are those of the written ones, the first of each form. */
  @Property(tries = 400, edgeCases = EdgeCasesMode.NONE)
  void aSetHoldsEachElementOnce(@ForAll("singles") Filled filled) {
    IpSets sets = fill(filled, new VirtualClock(), new Work());
    List<SetElement> held = new ArrayList<>();
    sets.forEachEntry("s", entry -> held.add(entry.element()));
    assertThat(held).doesNotHaveDuplicates();
    if (filled.spec().netmask() == filled.spec().family().bits()
        && filled.spec().type() != SetType.HASH_NET_IFACE) {
      Set<SetElement> written = new LinkedHashSet<>();
      filled.entries().stream()
          .filter(entry -> !isZero(filled.spec(), entry))
          .forEach(entry -> written.add(entry.element()));
      assertThat(held).containsExactlyInAnyOrderElementsOf(written);
    }
    assertThat(sets.size("s")).isEqualTo(held.size());
  }

  private static boolean isZero(SetSpec spec, SetEntry entry) {
    return entry.element().parts().get(0) instanceof ElementPart.Network network
        && network.prefix().address().isAny()
        && (spec.type() == SetType.HASH_IP || spec.type() == SetType.HASH_IP_PORT);
  }

  @Property(tries = 400, edgeCases = EdgeCasesMode.NONE)
  void anElementIsThereUntilTheVeryEndOfItsTime(
      @ForAll("singles") Filled filled, @ForAll("moments") long nowNs) {
    if (!filled.spec().hasTimeout()) {
      return;
    }
    VirtualClock clock = new VirtualClock();
    IpSets sets = fill(filled, clock, new Work());
    List<SetEntry> before = new ArrayList<>();
    sets.forEachEntry("s", before::add);
    clock.advanceTo(nowNs);
    List<SetElement> after = new ArrayList<>();
    sets.forEachEntry("s", entry -> after.add(entry.element()));
    List<SetElement> expected = new ArrayList<>();
    for (SetEntry entry : before) {
      long seconds = entry.timeoutSeconds();
      if (seconds == 0 || nowNs <= seconds * VirtualClock.NS_PER_SECOND) {
        expected.add(entry.element());
      }
    }
    assertThat(after).isEqualTo(expected);
    assertThat(sets.size("s")).isEqualTo(after.size());
  }

  @Provide
  Arbitrary<Long> moments() {
    return Combinators.combine(
            Arbitraries.longs().between(0, 21), Arbitraries.longs().between(-1, 1))
        .as((seconds, more) -> Math.max(0, seconds * VirtualClock.NS_PER_SECOND + more));
  }

  @Property(tries = 400, edgeCases = EdgeCasesMode.NONE)
  void anyTextIsReadOrRefusedWithAPlace(@ForAll("texts") String text) throws IOException {
    IpSets sets = new IpSets(new VirtualClock(), new Work());
    try {
      sets.restore("text", new StringReader(text), false);
    } catch (SyntaxException e) {
      assertThat(e.line()).isPositive();
      assertThat(e.column()).isPositive();
      assertThat(e.getMessage())
          .startsWith("text:" + e.line() + ":" + e.column() + ": found ")
          .contains(", expected ");
    }
  }

  @Provide
  Arbitrary<String> texts() {
    Arbitrary<String> words =
        Arbitraries.oneOf(
            Arbitraries.of(
                "create", "add", "del", "test", "swap", "rename", "destroy", "flush", "s", "t"),
            Arbitraries.of(
                "hash:ip", "hash:net", "hash:ip,port", "hash:net,iface", "bitmap:port", "list:set"),
            Arbitraries.of(
                "range", "0-9", "timeout", "family", "inet6", "netmask", "comment", "\"a b\"",
                "\""),
            Arbitraries.of(
                "10.0.0.1", "10.0.0.1,80", "10.0.0.0/8", "::1", "icmp:8/0", "1-", "-", ",", "/"),
            Arbitraries.strings().ofMaxLength(6));
    return words
        .list()
        .ofMaxSize(7)
        .map(line -> String.join(" ", line))
        .list()
        .ofMaxSize(6)
        .map(lines -> "create s hash:net\n" + String.join("\n", lines));
  }

  @Property(tries = 400, edgeCases = EdgeCasesMode.NONE)
  void anAddressOfAFamilyNeverMeetsTheOther(@ForAll("singles") Filled filled) {
    if (filled.spec().type().isFamilyless()) {
      return;
    }
    IpFamily other = filled.spec().family() == IpFamily.IPV4 ? IpFamily.IPV6 : IpFamily.IPV4;
    Packet packet = PacketArbitraries.packets(other).sample();
    IpSets sets = fill(filled, new VirtualClock(), new Work());
    assertThat(
            sets.test("s", packet, STATE, SetDimensions.parse("src,dst,src"), TestOptions.DEFAULT))
        .isFalse();
  }

  private static Filled permanent(Filled filled) {
    List<SetEntry> entries = new ArrayList<>();
    for (SetEntry entry : filled.entries()) {
      entries.add(
          SetEntry.builder(entry.element())
              .nomatch(entry.nomatch())
              .wildcard(entry.wildcard())
              .build());
    }
    return new Filled(filled.spec(), entries);
  }

  private static IpSets fill(Filled filled, VirtualClock clock, Work work) {
    IpSets sets = new IpSets(clock, work);
    sets.create(filled.spec(), false);
    for (SetEntry entry : filled.entries()) {
      try {
        sets.add("s", entry, false);
      } catch (IpsetException e) {
        assertThat(e.error())
            .isIn(IpsetError.ELEMENT_EXISTS, IpsetError.NULL_ELEMENT, IpsetError.INVALID);
      }
    }
    return sets;
  }

  private static String save(IpSets sets) throws IOException {
    StringBuilder out = new StringBuilder();
    sets.save(out);
    return out.toString();
  }
}
