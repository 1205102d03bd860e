package dev.packetpath.node.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.packetpath.core.SyntaxException;
import dev.packetpath.core.cost.CostModel;
import dev.packetpath.core.cost.OperationCost;
import dev.packetpath.core.cost.Provenance;
import dev.packetpath.core.cost.RuleCost;
import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

final class ProfilesTest {
  private static final String SMALL =
      """
      name: small
      about: a test
      machine: this one
      kernel: none
      rules: {inCacheNs: 4, levels: [{bytes: 1_000, ns: 5}, {bytes: 2e3, ns: 6}], how: measured, source: here}
      costs:
        matchCall: {ns: 16, how: derived, source: there}
      sync:
        rule: {ns: 9000, how: assumed, source: nowhere}
      lab:
        response: {value: 0.5, unit: ms, how: fitted, source: chart 1}
        share: {value: 0.25, how: assumed, source: ""}
      """;

  private static Profile read(String text) throws IOException {
    return Profiles.read("p.yaml", new StringReader(text));
  }

  @Test
  void aDurationIsMadeLonger() throws IOException {
    Lab lab = read(SMALL).lab();
    assertThat(lab.withLonger("response", 2e6).parameter("response").value()).isEqualTo(2.5);
    assertThat(lab.withLonger("response", 0)).isEqualTo(lab);
    assertThatThrownBy(() -> lab.withLonger("share", 1)).isInstanceOf(SyntaxException.class);
  }

  @Test
  void everyPartIsRead() throws IOException {
    Profile profile = read(SMALL);
    assertThat(profile.name()).isEqualTo("small");
    assertThat(profile.about()).isEqualTo("a test");
    assertThat(profile.machine()).isEqualTo("this one");
    assertThat(profile.kernel()).isEqualTo("none");
    assertThat(profile.costs().rules())
        .isEqualTo(
            new RuleCost(
                4,
                ImmutableList.of(new RuleCost.Level(1_000, 5), new RuleCost.Level(2_000, 6)),
                Provenance.MEASURED,
                "here"));
    assertThat(profile.costs().operations())
        .containsOnly(
            Map.entry(
                "matchCall", new OperationCost("matchCall", 16, Provenance.DERIVED, "there")));
    assertThat(profile.sync())
        .containsOnly(
            Map.entry("rule", new OperationCost("rule", 9_000, Provenance.ASSUMED, "nowhere")));
    assertThat(profile.lab().parameters().keySet()).containsExactly("response", "share");
    assertThat(profile.fitted()).containsExactly("response");
    assertThat(profile.lab().has("response")).isTrue();
    assertThat(profile.lab().has("respons")).isFalse();
  }

  @Test
  void figuresAreAskedForByUnitAndRange() throws IOException {
    Lab lab = read(SMALL).lab();
    assertThat(lab.nanoseconds("response")).isEqualTo(500_000);
    assertThat(lab.number("share", 0, 1)).isEqualTo(0.25);
    assertThat(lab.inUnit("response", "ms", 0, 1)).isEqualTo(0.5);
    assertThatThrownBy(() -> lab.number("share", 0.5, 1))
        .hasMessage("p.yaml:12:18: found share 0.25, expected a number from 0.5 to 1.0");
    assertThatThrownBy(() -> lab.inUnit("share", "", 1, Double.MAX_VALUE))
        .hasMessage("p.yaml:12:18: found share 0.25, expected 1.0 or more");
    assertThatThrownBy(() -> lab.nanoseconds("share"))
        .hasMessage("p.yaml:12:18: found share in \"\", expected a duration in ns, us, ms or s");
    assertThatThrownBy(() -> lab.number("response", 0, 1))
        .hasMessage("p.yaml:11:21: found response in \"ms\", expected a number without a unit");
    assertThatThrownBy(() -> lab.inUnit("share", "bytes", 0, 1))
        .hasMessage("p.yaml:12:18: found share in \"\", expected unit bytes");
    assertThatThrownBy(() -> lab.parameter("rate"))
        .hasMessage("p.yaml:11:3: found no parameter rate, expected lab.rate");
    assertThatThrownBy(() -> lab.with("response", -1).nanoseconds("response"))
        .hasMessage("p.yaml:11:21: found response -1.0, expected 0.0 or more");
  }

  @Test
  void aFigureMayBeChanged() throws IOException {
    Profile profile = read(SMALL);
    Lab changed = profile.lab().with("share", 0.5);
    assertThat(changed.number("share", 0, 1)).isEqualTo(0.5);
    assertThat(changed.parameters().keySet()).containsExactly("response", "share");
    assertThat(profile.withLab(changed).lab()).isEqualTo(changed).isNotEqualTo(profile.lab());
    CostModel costs =
        profile.costs().withRules(RuleCost.constant(1, Provenance.ASSUMED, "nothing"));
    assertThat(profile.withCosts(costs).costs()).isEqualTo(costs);
    assertThat(profile.withSync(ImmutableMap.of()).sync()).isEmpty();
  }

  @Test
  void aBaseLendsWhatIsNotTold() throws IOException {
    Profile base = Profiles.shipped("linux-6.18");
    Profile profile =
        read(
            """
            name: b
            about: ""
            machine: ""
            kernel: ""
            base: linux-6.18
            costs:
              hookCall: {ns: 99, how: assumed, source: ""}
            """);
    assertThat(profile.costs().rules()).isEqualTo(base.costs().rules());
    assertThat(profile.sync()).isEqualTo(base.sync());
    assertThat(profile.costs().operations())
        .hasSameSizeAs(base.costs().operations())
        .containsEntry("matchCall", base.costs().operations().get("matchCall"));
    assertThat(profile.costs().cost(Map.of("hookCall", 1L), 0).otherNs()).isEqualTo(99);
    assertThat(profile.lab().parameters()).isEmpty();
  }

  static Iterable<String> names() {
    return Profiles.names();
  }

  @ParameterizedTest
  @MethodSource("names")
  void shippedProfilesSayWhereEachFigureComesFrom(String name) {
    Profile profile = Profiles.shipped(name);
    assertThat(profile.name()).isEqualTo(name);
    assertThat(profile.costs().operations().values())
        .allSatisfy(cost -> assertThat(cost.source()).isNotEmpty());
    assertThat(profile.sync().values()).allSatisfy(cost -> assertThat(cost.source()).isNotEmpty());
    assertThat(profile.lab().parameters().values())
        .allSatisfy(parameter -> assertThat(parameter.source()).isNotEmpty());
  }

  @ParameterizedTest
  @MethodSource("names")
  void whatIsWrittenIsReadAgain(String name) throws IOException {
    Profile profile = Profiles.shipped(name);
    StringBuilder text = new StringBuilder();
    Profiles.write(profile, text);
    Profile again = read(text.toString());
    assertThat(again.withLab(profile.lab())).isEqualTo(profile);
    profile
        .lab()
        .parameters()
        .forEach(
            (key, parameter) -> {
              Parameter read = again.lab().parameter(key);
              assertThat(read)
                  .usingRecursiveComparison()
                  .ignoringFields("place")
                  .isEqualTo(parameter);
            });
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          'name: small'       | 'nam: small'        | 1:1: found "nam", expected one of name, about, machine, kernel, base, rules, costs, sync, lab
          'machine: this one' | 'about: again'      | 3:1: found about a second time, expected each name once
          'machine: this one' | 'machine: [a]'      | 3:10: found a list, expected a text
          'kernel: none'      | 'base: linux-2.4'   | 4:7: found profile "linux-2.4", expected one of linux-6.18, article-2019, first-packet-2025, ucloud-2019
          'how: derived'      | 'how: guessed'      | 7:28: found "guessed", expected measured, derived, fitted, assumed
          'ns: 16'            | 'ns: -16'           | 7:19: found ns -16, expected a number of 0.0 or more
          'ns: 16'            | 'ns: ten'           | 7:19: found ns ten, expected a number of 0.0 or more
          'ns: 16,'           | ''                  | 7:14: found no "ns", expected it here
          'bytes: 2e3'        | 'bytes: 1e3'        | 5:63: found 1000 bytes, expected more than at the level before
          '{ns: 16, how: derived, source: there}' | '16' | 7:14: found "16", expected a mapping
          'levels: ['         | 'levels: 5, x: ['   | 5:34: found "x", expected one of inCacheNs, levels, rise, how, source
          'name: small'       | 'name: {'           | 3:8: found broken text (expected ',' or '}', but got :), expected YAML
          """)
  void whatIsWrongIsSaidWithItsPlace(String right, String wrong, String message) {
    assertThatThrownBy(() -> read(SMALL.replace(right, wrong)))
        .isInstanceOf(SyntaxException.class)
        .hasMessageStartingWith("p.yaml:");
    assertThatThrownBy(() -> read(SMALL.replace(right, wrong))).hasMessageContaining(message);
  }

  @Test
  void anEmptyTextIsNoProfile() {
    assertThatThrownBy(() -> read("# nothing\n"))
        .hasMessage("p.yaml:1:1: found an empty text, expected a cost profile");
    assertThatThrownBy(() -> Profiles.shipped("linux-2.4"))
        .hasMessage(
            "profile \"linux-2.4\", expected one of linux-6.18, article-2019, first-packet-2025,"
                + " ucloud-2019");
    Reader broken =
        new Reader() {
          @Override
          public int read(char[] buffer, int offset, int length) throws IOException {
            throw new IOException("gone");
          }

          @Override
          public void close() {}
        };
    assertThatThrownBy(() -> Profiles.read("p.yaml", broken))
        .isInstanceOf(IOException.class)
        .hasMessage("gone");
  }
}
