package dev.packetpath.node.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.google.common.collect.ImmutableList;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.node.NodeSnapshot;
import dev.packetpath.node.PacketNotation;
import dev.packetpath.node.PacketRequest;
import dev.packetpath.node.PastedRules;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class TracerTest {
  private static final String SSH = "in=eth0 tcp 203.0.113.9:40000 > 192.168.1.10:22";

  private static Tracer.Builder tracer(String rules) {
    return Tracer.builderOfRules(
            NodeSnapshot.builder()
                .ruleset(PastedRules.read("rules", IpFamily.IPV4, rules, note -> {}))
                .build())
        .unknownSets(true);
  }

  private static TraceAnswer trace(Tracer.Builder tracer, String... packets) {
    ImmutableList<PacketRequest> requests =
        Stream.of(packets).map(PacketNotation::parse).collect(ImmutableList.toImmutableList());
    return tracer.build().trace(requests);
  }

  @Test
  void whatIsKnownOfTheNetworkCannotBeToldAnotherWay() {
    Tracer.Builder known = Tracer.builder(NodeSnapshot.builder().build());
    assertThatIllegalStateException()
        .isThrownBy(() -> known.out("eth9"))
        .withMessage("addresses and routes of this node are known");
    assertThatIllegalStateException()
        .isThrownBy(() -> known.local(List.of(IpAddress.parse("10.0.0.1"))));
  }

  private static List<String> assumed(TraceAnswer answer) {
    return answer.assumptions().stream().map(a -> a.premise().statement()).toList();
  }

  private static List<String> results(TraceAnswer answer) {
    return answer.exploration().outcomes().stream()
        .map(outcome -> PathSummary.briefly(outcome.result().packets().get(0).path()))
        .toList();
  }

  @Test
  void anAssumptionThatMakesNoDifferenceIsNotNamed() {
    TraceAnswer answer = trace(tracer("*raw\n-A PREROUTING -j DROP\nCOMMIT\n"), SSH);

    assertThat(results(answer)).containsExactly("dropped in raw PREROUTING by PREROUTING 1");
    assertThat(answer.assumptions()).isEmpty();
  }

  @Test
  void anAssumptionThatMakesADifferenceIsNamedWithWhatWouldHappenOtherwise() {
    TraceAnswer answer = trace(tracer("-P INPUT ACCEPT\n-P FORWARD DROP\n"), SSH);

    assertThat(results(answer)).containsExactly("delivered to a local socket");
    assertThat(answer.assumptions())
        .containsExactly(
            new Assumption(
                new Premise.Local(IpAddress.parse("192.168.1.10"), true),
                ImmutableList.of(
                    new Assumption.Alternative(
                        new Premise.Local(IpAddress.parse("192.168.1.10"), false),
                        "dropped by the policy of filter FORWARD"))));
  }

  @Test
  void whatIsToldIsNotAssumed() {
    TraceAnswer answer =
        trace(
            tracer("-P INPUT ACCEPT\n-P FORWARD DROP\n")
                .local(List.of(IpAddress.parse("192.168.1.10"))),
            SSH);

    assertThat(answer.assumptions()).isEmpty();
  }

  @Test
  void aMissingSetIsFollowedBothWays() {
    TraceAnswer answer =
        trace(
            tracer("-A INPUT -m set --match-set blocked src -j DROP\n")
                .local(List.of(IpAddress.parse("192.168.1.10"))),
            SSH);

    assertThat(results(answer))
        .containsExactly("dropped in filter INPUT by INPUT 1", "delivered to a local socket");
    assertThat(answer.exploration().outcomes().get(0).conditions())
        .containsExactly(Map.entry("the packet is in set blocked (src)", true));
  }

  @Test
  void anUnmodelledMatchThatDecidesNothingIsNotNamed() {
    TraceAnswer answer =
        trace(
            tracer("-A INPUT -p tcp -m nosuch -m tcp --dport 99 -j DROP\n")
                .local(List.of(IpAddress.parse("192.168.1.10"))),
            SSH);

    assertThat(answer.exploration().outcomes().get(0).conditions()).isEmpty();
  }

  @Test
  void anAckWithoutAConnectionSaysThatOneMayExist() {
    String rules = "-P INPUT DROP\n-A INPUT -m conntrack --ctstate ESTABLISHED -j ACCEPT\n";
    Tracer.Builder tracer = tracer(rules).local(List.of(IpAddress.parse("192.168.1.10")));

    TraceAnswer answer = trace(tracer, SSH + " ack");
    assertThat(results(answer)).containsExactly("dropped by the policy of filter INPUT");
    assertThat(assumed(answer)).containsExactly("the packet starts a connection");

    TraceAnswer told = trace(tracer.state(SeenState.ESTABLISHED), SSH + " ack");
    assertThat(results(told)).containsExactly("delivered to a local socket");
    assertThat(told.assumptions()).isEmpty();
  }

  @Test
  void theToldStateIsWhatRulesSee() {
    for (SeenState state : SeenState.values()) {
      String rules = "-P INPUT DROP\n-A INPUT -m conntrack --ctstate " + state + " -j ACCEPT\n";
      TraceAnswer answer =
          trace(tracer(rules).local(List.of(IpAddress.parse("192.168.1.10"))).state(state), SSH);

      assertThat(results(answer)).as(state.name()).containsExactly("delivered to a local socket");
    }
  }

  @Test
  void aDeviceThatIsNotToldIsAssumed() {
    TraceAnswer answer =
        trace(
            tracer("-P INPUT DROP\n-A INPUT -i eth1 -j ACCEPT\n")
                .local(List.of(IpAddress.parse("192.168.1.10"))),
            "tcp 203.0.113.9:40000 > 192.168.1.10:22");

    assertThat(assumed(answer)).containsExactly("packet 1 arrives on a device that no rule names");
    assertThat(answer.assumptions().get(0).alternatives().get(0).result())
        .isEqualTo("delivered to a local socket");
  }

  @Test
  void theEstablishedPacketIsProbedWhereNoneWasAskedFor() {
    String rules =
        "-A INPUT -m conntrack --ctstate ESTABLISHED -j ACCEPT\n-A INPUT -p tcp -j ACCEPT\n";
    Tracer.Builder tracer = tracer(rules).local(List.of(IpAddress.parse("192.168.1.10")));

    FlowCost probed = trace(tracer, SSH).exploration().outcomes().get(0).result().flows().get(0);
    FlowCost asked =
        trace(tracer, SSH, "reply", "again")
            .exploration()
            .outcomes()
            .get(0)
            .result()
            .flows()
            .get(0);

    assertThat(probed.probed()).isTrue();
    assertThat(asked.probed()).isFalse();
    assertThat(probed.fresh()).isEqualTo(asked.fresh());
    assertThat(probed.established()).isEqualTo(asked.established());
    assertThat(probed.fresh().orElseThrow().totalRules()).isEqualTo(2);
    assertThat(probed.established().orElseThrow().totalRules()).isEqualTo(1);
  }
}
