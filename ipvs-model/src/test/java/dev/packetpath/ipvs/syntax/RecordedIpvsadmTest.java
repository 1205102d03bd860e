package dev.packetpath.ipvs.syntax;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.collect.ImmutableList;
import dev.packetpath.core.SeededDecisions;
import dev.packetpath.core.SyntaxException;
import dev.packetpath.core.VirtualClock;
import dev.packetpath.core.Work;
import dev.packetpath.ipvs.Ipvs;
import dev.packetpath.ipvs.IpvsSettings;
import dev.packetpath.ipvs.ServiceEntry;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What ipvsadm 1.31 and kernel 6.1.192 took and refused, and how they showed it. */
final class RecordedIpvsadmTest {
  private record Case(String text, JsonNode json) {
    boolean taken() {
      return json.path("taken").asBoolean();
    }

    /** Whether the reader leaves it out, or takes it, on purpose: its documentation says why. */
    boolean otherwise() {
      return json.has("otherwise");
    }

    @Override
    public String toString() {
      return text.strip().replace('\n', ';');
    }
  }

  static Stream<Case> cases() throws IOException {
    try (InputStream file =
        Objects.requireNonNull(RecordedIpvsadmTest.class.getResourceAsStream("ipvsadm.json"))) {
      JsonNode cases = new ObjectMapper().readTree(file).path("cases");
      return StreamSupport.stream(cases.spliterator(), false)
          .map(json -> new Case(json.path("text").asText(), json));
    }
  }

  static Stream<Case> taken() throws IOException {
    return cases().filter(recorded -> recorded.taken() && !recorded.otherwise());
  }

  static Stream<Case> refused() throws IOException {
    return cases().filter(recorded -> recorded.taken() == recorded.otherwise());
  }

  private static ImmutableList<ServiceEntry> read(Case recorded) throws IOException {
    return IpvsadmReader.read("save", new StringReader(recorded.text));
  }

  /** Marks from 2^31 on are saved so that the tool takes them again, which it does not itself. */
  @ParameterizedTest
  @MethodSource("taken")
  void whatTheToolTakesIsReadAndShownAlike(Case recorded) throws IOException {
    ImmutableList<ServiceEntry> services = read(recorded);
    StringBuilder saved = new StringBuilder();
    IpvsadmPrinter.save(services, saved);
    assertThat(saved.toString().replace("-f 4294967295", "-f -1"))
        .isEqualTo(recorded.json.path("saved").asText());
    Ipvs ipvs =
        new Ipvs(IpvsSettings.DEFAULTS, new VirtualClock(), new SeededDecisions(0), new Work());
    ipvs.load(services);
    StringBuilder listed = new StringBuilder();
    IpvsadmListing.services(ipvs, listed);
    assertThat(listed.toString().lines().skip(3))
        .containsExactlyElementsOf(recorded.json.path("listed").asText().lines().toList());
  }

  @ParameterizedTest
  @MethodSource("refused")
  void whatTheToolRefusesIsRefusedAtItsPlace(Case recorded) {
    assertThatThrownBy(() -> read(recorded))
        .isInstanceOf(SyntaxException.class)
        .hasMessageMatching("(?s)save:\\d+:\\d+: found .+, expected .+");
  }
}
