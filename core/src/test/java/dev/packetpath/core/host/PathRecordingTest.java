package dev.packetpath.core.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.packetpath.core.Hook;
import dev.packetpath.core.HookFunction;
import dev.packetpath.core.Operation;
import dev.packetpath.core.SeededDecisions;
import dev.packetpath.core.Verdict;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.core.testing.Exits;
import dev.packetpath.core.testing.TwoLinks;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PathRecordingTest {
  private static final Operation HOOK_CALL = Operation.named("hookCall");
  private static final Operation ROUTE_LOOKUP = Operation.named("routeLookup");
  private static final int STATUS = 7;

  private final Host host =
      Host.builder(TwoLinks.network().build()).decisions(new SeededDecisions(1)).build();
  private final List<String> out = new ArrayList<>();
  private final Learner learner = new Learner();
  private int calls;
  private long packetsTold;
  private long bytesTold;

  /** Has one path for all packets, the last that was recorded. */
  private final class Learner implements FastPath {
    private RecordedPath known = RecordedPath.NONE;
    private int recorded;
    private int notRecorded;

    @Override
    public RecordedPath take(Packet packet, Device in) {
      if (host.recording().holds(known) && known.isFor(packet, in, STATUS)) {
        return known;
      }
      if (!host.recording().isClosed(known)) {
        host.recording().begin(packet, in, STATUS);
      }
      return RecordedPath.NONE;
    }

    @Override
    public void recorded(Packet packet, RecordedPath path) {
      known = path;
      recorded++;
    }

    @Override
    public void notRecorded() {
      known = host.recording().closed();
      notRecorded++;
    }
  }

  @BeforeEach
  void listen() {
    host.fastPath(learner);
    host.sink(new Exits((where, packet) -> out.add(where + " ttl " + packet.ttl())));
  }

  private void register(Hook hook, HookFunction function) {
    host.hooks().register(IpFamily.IPV4, hook, 0, "test", function);
  }

  private Verdict repeat() {
    calls++;
    host.recording().repeats(this::told);
    return Verdict.ACCEPT;
  }

  private void told(long packets, long bytes) {
    packetsTold += packets;
    bytesTold += bytes;
  }

  private static Packet packet() {
    return new Packet()
        .addresses(IpAddress.parse("10.0.1.5"), IpAddress.parse("10.0.2.5"))
        .ports(1000, 80);
  }

  private void receive(Packet packet) {
    host.receive(packet, TwoLinks.ETH0);
  }

  @Test
  void theSecondPacketGoesPastTheHooksAndCostsTheSame() {
    register(Hook.PREROUTING, (packet, state) -> repeat());
    register(Hook.FORWARD, (packet, state) -> repeat());
    for (int i = 0; i < 5; i++) {
      receive(packet());
    }
    assertThat(calls).isEqualTo(2);
    assertThat(out).hasSize(5).containsOnly("eth1 ttl 63");
    assertThat(host.work().count(HOOK_CALL)).isEqualTo(5 * 2);
    assertThat(host.work().count(ROUTE_LOOKUP)).isEqualTo(5);
    assertThat(packetsTold).isEqualTo(2 * 4);
    assertThat(bytesTold).isEqualTo(2 * 4 * packet().length());
    host.recording().tell();
    assertThat(packetsTold).isEqualTo(2 * 4);
  }

  @Test
  void packetsThatGoPastTheHooksAreNumberedToo() {
    List<Integer> drawn = new ArrayList<>();
    register(
        Hook.PREROUTING,
        (packet, state) -> {
          drawn.add(host.decisions().bits(5));
          return repeat();
        });
    for (int mark : new int[] {0, 0, 0, 9}) {
      receive(packet().mark(mark));
    }
    host.numberNext(20);
    receive(packet().mark(8));
    assertThat(drawn).containsExactly(bits(0), bits(3), bits(20));
  }

  @Test
  void aPacketDrawsByItsNumberAfterAnotherWentPastTheHooksMeanwhile() {
    List<Integer> drawn = new ArrayList<>();
    register(
        Hook.PREROUTING,
        (packet, state) -> {
          if (packet.mark() == 9) {
            receive(packet());
            drawn.add(host.decisions().bits(5));
          }
          return repeat();
        });
    receive(packet());
    receive(packet().mark(9));
    assertThat(out).hasSize(3);
    assertThat(calls).as("one went past").isEqualTo(2);
    assertThat(drawn).containsExactly(bits(1));
  }

  private static int bits(long packetNumber) {
    SeededDecisions decisions = new SeededDecisions(1);
    decisions.startPacket(packetNumber);
    return decisions.bits(5);
  }

  @Test
  void aFunctionThatDoesNotSayThatItRepeatsSeesAllPackets() {
    int[] seen = {0};
    register(Hook.PREROUTING, (packet, state) -> repeat());
    register(
        Hook.POSTROUTING,
        (packet, state) -> {
          seen[0]++;
          return Verdict.ACCEPT;
        });
    receive(packet());
    assertThat(host.recording().isClosed(learner.known)).isTrue();
    receive(packet());
    assertThat(seen[0]).isEqualTo(2);
    assertThat(calls).isEqualTo(2);
  }

  @Test
  void packetsOfAnotherKindGoOverTheHooks() {
    register(Hook.FORWARD, (packet, state) -> repeat());
    receive(packet());
    RecordedPath path = learner.known;
    assertThat(path.isFor(packet(), TwoLinks.ETH0, STATUS)).isTrue();
    assertThat(path.isFor(packet(), TwoLinks.ETH1, STATUS)).isFalse();
    assertThat(path.isFor(packet(), TwoLinks.ETH0, STATUS + 1)).isFalse();
    assertThat(path.isFor(packet().mark(1), TwoLinks.ETH0, STATUS)).isFalse();
    assertThat(path.isFor(packet().tos(4), TwoLinks.ETH0, STATUS)).isFalse();
    assertThat(path.isFor(packet().ttl(1), TwoLinks.ETH0, STATUS)).isFalse();
    assertThat(path.isFor(packet().ttl(2), TwoLinks.ETH0, STATUS)).isTrue();
    assertThat(path.isFor(packet().payloadLength(1460), TwoLinks.ETH0, STATUS)).isTrue();
    assertThat(path.isFor(packet().payloadLength(1461), TwoLinks.ETH0, STATUS)).isFalse();
    Device equal = Device.ethernet("eth0", 2);
    assertThat(path.isFor(packet(), equal, STATUS)).isTrue();
  }

  @Test
  void anotherFunctionEndsAllPaths() {
    register(Hook.FORWARD, (packet, state) -> repeat());
    receive(packet());
    receive(packet());
    RecordedPath path = learner.known;
    register(Hook.INPUT, (packet, state) -> Verdict.ACCEPT);
    assertThat(packetsTold).as("what was counted until then").isEqualTo(1);
    assertThat(host.recording().holds(path)).isFalse();
    assertThat(host.recording().isClosed(path)).isFalse();
    receive(packet());
    assertThat(calls).isEqualTo(2);
    host.hooks().unregister(IpFamily.IPV4, Hook.INPUT, "test");
    assertThat(host.recording().holds(learner.known)).isFalse();
  }

  @Test
  void pathsAreKnownByTheirNumbersUntilTheyAreForgotten() {
    PathRecording recording = host.recording();
    Set<Integer> numbers = new HashSet<>();
    int[] anew = {0};
    recording.onNumbersAnew(
        () -> {
          numbers.clear();
          anew[0]++;
        });
    assertThat(RecordedPath.NONE.number()).isZero();
    for (int generation = 0; generation < 4_000; generation++) {
      List<RecordedPath> paths = new ArrayList<>(List.of(recording.closed()));
      for (int status = 0; status < 40; status++) {
        recording.begin(packet(), TwoLinks.ETH0, status);
        paths.add(recording.end(Route.NONE));
      }
      for (RecordedPath path : paths) {
        assertThat(recording.path(path.number())).isSameAs(path);
        assertThat(numbers.add(path.number())).isTrue();
        assertThat(path.number()).isBetween(1, 0xffff);
      }
      assertThat(recording.path(0)).isSameAs(RecordedPath.NONE);
      int before = anew[0];
      recording.forget();
      for (RecordedPath path : paths) {
        RecordedPath found = recording.path(path.number());
        assertThat(found).isNotSameAs(path);
        assertThat(anew[0] > before || found == RecordedPath.NONE).isTrue();
      }
    }
    assertThat(anew[0]).isEqualTo(2);
  }

  /** As many paths as are known at once have numbers, wherever those begin. */
  @Test
  void numbersNeverRunOut() {
    PathRecording recording = host.recording();
    int[] anew = {0};
    recording.onNumbersAnew(() -> anew[0]++);
    int largest = 0;
    while (anew[0] == 0) {
      largest = recording.closed().number();
      recording.forget();
    }
    while (recording.closed().number() < largest) {
      recording.forget();
    }
    assertThat(anew[0]).isEqualTo(1);
    for (int status = 0; status < 5_000; status++) {
      recording.begin(packet(), TwoLinks.ETH0, status);
      RecordedPath path = recording.end(Route.NONE);
      assertThat(path.number()).isBetween(largest, 0xffff);
      assertThat(recording.path(path.number())).isSameAs(path);
    }
    assertThat(recording.isClosed(recording.path(largest))).isTrue();
  }

  @Test
  void alikePacketsShareAPath() {
    receive(packet());
    RecordedPath first = learner.known;
    learner.known = RecordedPath.NONE;
    receive(packet().ports(1, 2));
    assertThat(learner.known).isSameAs(first);
  }

  @Test
  void aPacketThatDoesNotLeaveIsNotRecorded() {
    register(
        Hook.FORWARD,
        (packet, state) -> {
          host.recording().repeats();
          return Verdict.DROP;
        });
    receive(packet());
    assertThat(learner.recorded).isZero();
    assertThat(learner.notRecorded).isOne();
    assertThat(host.recording().isBegun()).isFalse();
  }

  @Test
  void aPacketForThisHostIsNotRecorded() {
    receive(packet().destination(IpAddress.parse("10.0.1.1")));
    assertThat(learner.recorded).isZero();
    assertThat(learner.notRecorded).isOne();
    assertThat(host.recording().isBegun()).isFalse();
  }

  /** The next packet of its kind may be shorter, or have further to go. */
  @Test
  void aPacketThatStaysForItsOwnFaultsIsNoExample() {
    receive(packet().ttl(1));
    receive(packet().payloadLength(1461).dontFragment(true));
    assertThat(learner.recorded + learner.notRecorded).isZero();
    assertThat(host.recording().isBegun()).isFalse();
    receive(packet());
    assertThat(learner.recorded).isOne();
  }

  /** Such a packet's functions say that they repeat, and must not speak for those of the first. */
  @Test
  void aFunctionThatSendsAPacketOfItsOwnIsCalledForEach() {
    int[] sent = {0};
    register(
        Hook.PREROUTING,
        (packet, state) -> {
          sent[0]++;
          host.send(packet.copy().source(IpAddress.parse("10.0.1.1")));
          return Verdict.ACCEPT;
        });
    for (int priority = 1; priority < 4; priority++) {
      host.hooks()
          .register(
              IpFamily.IPV4,
              Hook.OUTPUT,
              priority,
              "test",
              (packet, state) -> {
                host.recording().repeats();
                return Verdict.ACCEPT;
              });
    }
    host.hooks().register(IpFamily.IPV4, Hook.OUTPUT, 9, "drop", (packet, s) -> Verdict.DROP);
    for (int i = 0; i < 5; i++) {
      receive(packet());
    }
    assertThat(sent[0]).isEqualTo(5);
    assertThat(host.recording().isClosed(learner.known)).isTrue();
  }

  @Test
  void aFunctionThatSaysItTwiceDoesNotSpeakForAnother() {
    register(
        Hook.PREROUTING,
        (packet, state) -> {
          host.recording().repeats();
          return repeat();
        });
    register(Hook.FORWARD, (packet, state) -> Verdict.ACCEPT);
    receive(packet());
    assertThat(host.recording().isClosed(learner.known)).isTrue();
  }

  @Test
  void marksThatNeverComeAgainDoNotPileUp() {
    for (int mark = 0; mark < 5000; mark++) {
      learner.known = RecordedPath.NONE;
      receive(packet().mark(mark));
    }
    assertThat(host.recording().isClosed(learner.known)).isTrue();
    learner.known = RecordedPath.NONE;
    receive(packet().mark(1));
    assertThat(learner.known.isFor(packet().mark(1), TwoLinks.ETH0, STATUS)).isTrue();
  }

  @Test
  void whatThisHostSendsIsNotRecorded() {
    host.fastPath(FastPath.NONE);
    host.recording().begin(packet(), TwoLinks.ETH0, STATUS);
    host.send(packet().source(IpAddress.parse("10.0.1.1")));
    assertThat(out).hasSize(1);
    assertThat(learner.recorded).isZero();
  }

  @Test
  void aTraceShowsEachPacketOnTheHooks() {
    register(Hook.FORWARD, (packet, state) -> repeat());
    receive(packet());
    host.trace().keep(true);
    receive(packet());
    assertThat(calls).isEqualTo(2);
    assertThat(host.trace().take()).isNotEmpty();
  }
}
