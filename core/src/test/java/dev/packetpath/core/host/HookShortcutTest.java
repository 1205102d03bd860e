package dev.packetpath.core.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.packetpath.core.Hook;
import dev.packetpath.core.HookShortcut;
import dev.packetpath.core.HookState;
import dev.packetpath.core.Verdict;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.core.testing.Exits;
import dev.packetpath.core.testing.TwoLinks;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HookShortcutTest {
  private final Host host = Host.builder(TwoLinks.network().build()).build();
  private final List<String> out = new ArrayList<>();
  private final List<Hook> hooks = new ArrayList<>();
  private int asked;
  private boolean isKnown = true;
  private int opensAsked;
  private HookShortcut.Passage atPrerouting = HookShortcut.Passage.UNKNOWN;

  /** Knows all of FORWARD and POSTROUTING, and of PREROUTING what it is told. */
  private final class BothKnown implements HookShortcut {
    @Override
    public int run(Packet packet, HookState state) {
      return 0;
    }

    @Override
    public Passage opens(Packet packet, Device in) {
      assertThat(in).isEqualTo(TwoLinks.ETH0);
      opensAsked++;
      return atPrerouting;
    }

    @Override
    public boolean forwards(Packet packet, Device in, Device leavesBy) {
      asked++;
      assertThat(in).isEqualTo(TwoLinks.ETH0);
      assertThat(leavesBy).isEqualTo(TwoLinks.ETH1);
      return isKnown;
    }
  }

  /** Begins to record each packet. */
  private final class Recorder implements FastPath {
    @Override
    public RecordedPath take(Packet packet, Device in) {
      host.recording().begin(packet, in, 0);
      return RecordedPath.NONE;
    }

    @Override
    public void recorded(Packet packet, RecordedPath path) {}

    @Override
    public void notRecorded() {}
  }

  @BeforeEach
  void listen() {
    host.shortcut(new BothKnown());
    host.sink(new Exits((where, packet) -> out.add(where + " ttl " + packet.ttl())));
    for (Hook hook : Hook.values()) {
      host.hooks()
          .register(
              IpFamily.IPV4,
              hook,
              0,
              "test",
              (packet, state) -> {
                hooks.add(hook);
                host.recording().repeats();
                return Verdict.ACCEPT;
              });
    }
  }

  private static Packet packet() {
    return new Packet()
        .addresses(IpAddress.parse("10.0.1.5"), IpAddress.parse("10.0.2.5"))
        .ports(1000, 80);
  }

  @Test
  void whatIsKnownOfBothHooksStandsForThem() {
    host.receive(packet(), TwoLinks.ETH0);
    assertThat(hooks).containsExactly(Hook.PREROUTING);
    assertThat(out).containsExactly("eth1 ttl 63");
  }

  @Test
  void whatIsKnownOfPreroutingStandsForIt() {
    atPrerouting = HookShortcut.Passage.GOES_ON;
    host.receive(packet(), TwoLinks.ETH0);
    assertThat(hooks).isEmpty();
    assertThat(out).containsExactly("eth1 ttl 63");
  }

  @Test
  void aPacketThatPreroutingStopsGoesNoFurther() {
    atPrerouting = HookShortcut.Passage.ENDED;
    host.receive(packet(), TwoLinks.ETH0);
    assertThat(opensAsked).isEqualTo(1);
    assertThat(hooks).isEmpty();
    assertThat(asked).isZero();
    assertThat(out).isEmpty();
  }

  @Test
  void allFunctionsRunWhereNothingIsKnown() {
    isKnown = false;
    host.receive(packet(), TwoLinks.ETH0);
    assertThat(opensAsked).isEqualTo(1);
    assertThat(asked).isEqualTo(1);
    assertThat(hooks).containsExactly(Hook.PREROUTING, Hook.FORWARD, Hook.POSTROUTING);
    assertThat(out).containsExactly("eth1 ttl 63");
  }

  @Test
  void whatIsRefusedBeforeTheHooksIsNotAskedAbout() {
    host.receive(packet().ttl(1), TwoLinks.ETH0);
    host.receive(packet().payloadLength(1500).dontFragment(true), TwoLinks.ETH0);
    assertThat(asked).isZero();
  }

  @Test
  void tracedPacketsGoOverAllFunctions() {
    host.trace().keep(true);
    host.receive(packet(), TwoLinks.ETH0);
    assertThat(asked + opensAsked).isZero();
    assertThat(hooks).containsExactly(Hook.PREROUTING, Hook.FORWARD, Hook.POSTROUTING);
  }

  @Test
  void recordedPacketsGoOverAllFunctions() {
    host.fastPath(new Recorder());
    host.receive(packet(), TwoLinks.ETH0);
    assertThat(asked + opensAsked).isZero();
    assertThat(hooks).containsExactly(Hook.PREROUTING, Hook.FORWARD, Hook.POSTROUTING);
  }
}
