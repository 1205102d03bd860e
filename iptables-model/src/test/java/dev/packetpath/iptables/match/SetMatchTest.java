package dev.packetpath.iptables.match;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.packetpath.core.SeededDecisions;
import dev.packetpath.core.VirtualClock;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.iptables.LoadException;
import dev.packetpath.iptables.MatchFunction;
import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SetMatchTest {
  private static final Packet PACKET = MatchLab.udp("10.0.0.1", "10.0.0.2");

  private static MatchLab lab(String sets) throws IOException {
    MatchLab lab = new MatchLab();
    lab.sets.restore("sets", new StringReader(sets), false);
    return lab;
  }

  @Test
  void aPacketMatchesIfItsSideIsInTheSet() throws IOException {
    MatchLab lab = lab("create s hash:ip\nadd s 10.0.0.1\n");
    assertThat(lab.holds(lab.load("-m set --match-set s src"), PACKET)).isTrue();
    assertThat(lab.holds(lab.load("-m set --match-set s dst"), PACKET)).isFalse();
    assertThat(lab.holds(lab.load("-m set ! --match-set s dst"), PACKET)).isTrue();
  }

  @Test
  void aSetThatChangesIsSeenByARuleLoadedBefore() throws IOException {
    MatchLab lab = lab("create s hash:ip\n");
    MatchFunction match = lab.load("-m set --match-set s src");
    assertThat(lab.holds(match, PACKET)).isFalse();
    lab.sets.restore("sets", new StringReader("add s 10.0.0.1\n"), false);
    assertThat(lab.holds(match, PACKET)).isTrue();
  }

  @Test
  void countersOfTheElementAreCompared() throws IOException {
    MatchLab lab = lab("create s hash:ip counters\nadd s 10.0.0.1\n");
    MatchFunction match = lab.load("-m set --match-set s src --packets-gt 1");
    assertThat(lab.holds(match, PACKET)).isFalse();
    assertThat(lab.holds(match, PACKET)).isTrue();
  }

  @Test
  void anUnknownSetIsRefusedWhenTheRuleIsLoaded() {
    MatchLab lab = new MatchLab();
    assertThatThrownBy(() -> lab.load("-m set --match-set s src"))
        .isInstanceOf(LoadException.class)
        .hasMessage(
            "table filter: found set s, which does not exist, expected a set that was created");
  }

  @Test
  void aSetOfTheOtherFamilyIsRefusedWhenTheRuleIsLoaded() throws IOException {
    MatchLab lab = lab("create s hash:ip family inet6\n");
    assertThatThrownBy(() -> lab.load("-m set --match-set s src"))
        .isInstanceOf(LoadException.class)
        .hasMessageContaining("set s of IPV6, expected a set of IPV4");
  }

  @Test
  void whereSetsMayBeMissingTheDecisionsAreAsked() {
    List<String> questions = new ArrayList<>();
    SeededDecisions seeded = new SeededDecisions(0);
    MatchLab lab =
        new MatchLab(IpFamily.IPV4, new VirtualClock(), new AskedDecisions(seeded, questions));
    lab.sets.allowOthers();
    assertThat(lab.holds(lab.load("-m set --match-set s src,dst"), PACKET)).isTrue();
    assertThat(lab.holds(lab.load("-m set ! --match-set s src,dst"), PACKET)).isFalse();
    assertThat(questions).containsOnly("the packet is in set s (src,dst)");
  }
}
