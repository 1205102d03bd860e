package dev.packetpath.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Real clients and servers over rules as kube-proxy writes them, and what the models foretell of
 * their first packet.
 */
final class RealTrafficTest {
  private static final String RULES =
      """
      *nat
      :PREROUTING ACCEPT [0:0]
      :INPUT ACCEPT [0:0]
      :OUTPUT ACCEPT [0:0]
      :POSTROUTING ACCEPT [0:0]
      :KUBE-SERVICES - [0:0]
      :KUBE-POSTROUTING - [0:0]
      :KUBE-MARK-MASQ - [0:0]
      :KUBE-SVC-WEB - [0:0]
      :KUBE-SEP-WEB - [0:0]
      :KUBE-SVC-DNS - [0:0]
      :KUBE-SEP-DNS - [0:0]
      -A PREROUTING -m comment --comment "service portals" -j KUBE-SERVICES
      -A OUTPUT -m comment --comment "service portals" -j KUBE-SERVICES
      -A POSTROUTING -j KUBE-POSTROUTING
      -A KUBE-SERVICES -d 10.96.0.1/32 -p tcp -m tcp --dport 80 -j KUBE-SVC-WEB
      -A KUBE-SERVICES -d 10.96.0.10/32 -p udp -m udp --dport 53 -j KUBE-SVC-DNS
      -A KUBE-SVC-WEB ! -s 10.0.2.0/24 -d 10.96.0.1/32 -p tcp -m tcp --dport 80 -j KUBE-MARK-MASQ
      -A KUBE-SVC-WEB -j KUBE-SEP-WEB
      -A KUBE-SEP-WEB -s 10.0.2.2/32 -j KUBE-MARK-MASQ
      -A KUBE-SEP-WEB -p tcp -m tcp -j DNAT --to-destination 10.0.2.2:8080
      -A KUBE-SVC-DNS -j KUBE-SEP-DNS
      -A KUBE-SEP-DNS -p udp -m udp -j DNAT --to-destination 10.0.2.2:5353
      -A KUBE-MARK-MASQ -j MARK --set-xmark 0x4000/0x4000
      -A KUBE-POSTROUTING -m mark ! --mark 0x4000/0x4000 -j RETURN
      -A KUBE-POSTROUTING -j MARK --set-xmark 0x4000/0x0
      -A KUBE-POSTROUTING -j MASQUERADE
      COMMIT
      *filter
      :INPUT ACCEPT [0:0]
      :FORWARD DROP [0:0]
      :OUTPUT ACCEPT [0:0]
      -A FORWARD -d 10.96.0.2/32 -p tcp -m comment --comment "has no endpoints" -j REJECT --reject-with icmp-port-unreachable
      -A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
      -A FORWARD -d 10.0.2.2/32 -m conntrack --ctstate NEW,DNAT -j ACCEPT
      COMMIT
      """;

  private KernelLab lab;

  @BeforeEach
  void startTheLaboratory() throws IOException {
    LabAvailability availability = LabAvailability.check();
    assumeTrue(availability.isAvailable(), availability.reason());
    lab = KernelLab.start(LabAvailability.PROGRAM);
  }

  @AfterEach
  void closeTheLaboratory() throws IOException {
    if (lab != null) {
      lab.close();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "tcp, 10.96.0.1, 80, 8080",
    "udp, 10.96.0.10, 53, 5353",
    "tcp, 10.0.2.2, 8080, 8080",
    "tcp, 10.96.0.2, 80, 8080"
  })
  void whatTheModelForetellsIsWhatAClientMeets(
      String protocol, String service, int port, int serverPort) throws IOException {
    JsonNode foretold = foretell(protocol, service, port);
    assertThat(lab.load(JsonNodeFactory.instance.objectNode().put("ruleset", RULES), "legacy"))
        .isEmpty();
    KernelLab.Talk talk =
        lab.talk(
            new KernelLab.Endpoint("eth0", "10.0.1.2", 40000),
            new KernelLab.Endpoint("eth1", "10.0.2.2", serverPort),
            protocol,
            new KernelLab.Endpoint("", service, port));

    JsonNode emitted = foretold.path("packets").path(0).path("result").path("emitted").path(0);
    if (emitted.path("at").asText().equals("eth1")) {
      assertThat(talk.answer()).isEqualTo("HELLO");
      assertThat(talk.seenAddress()).isEqualTo(emitted.path("pkt").path("src").asText());
      assertThat(talk.seenPort()).isEqualTo(emitted.path("pkt").path("sport").asInt());
      assertThat(emitted.path("pkt").path("dport").asInt()).isEqualTo(serverPort);
    } else {
      assertThat(emitted.path("pkt").path("proto").asText()).isEqualTo("icmp");
      assertThat(talk.errno()).isEqualTo("ECONNREFUSED");
    }
    JsonNode real = lab.connections();
    assertThat(real).hasSameSizeAs(foretold.path("conntrack"));
    for (int i = 0; i < real.size(); i++) {
      JsonNode ours = foretold.path("conntrack").path(i);
      assertThat(real.path(i).path("orig")).isEqualTo(ours.path("orig"));
      assertThat(real.path(i).path("reply")).isEqualTo(ours.path("reply"));
    }
  }

  private static JsonNode foretell(String protocol, String service, int port) {
    ObjectNode vector = JsonNodeFactory.instance.objectNode().put("ruleset", RULES);
    ObjectNode packet = vector.putArray("packets").addObject();
    packet.put("inject", "eth0").put("proto", protocol).put("src", "10.0.1.2").put("dst", service);
    packet.put("sport", 40000).put("dport", port).put("len", 0);
    if (protocol.equals("tcp")) {
      packet.put("flags", "S").put("seq", 1).put("ack", 0);
    }
    return ModelRun.complete(vector);
  }
}
