package dev.packetpath.nftables;

import static dev.packetpath.nftables.NftHost.base;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import dev.packetpath.core.Hook;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.nftables.ChainVerdict.Drop;
import dev.packetpath.nftables.Expression.Word;
import java.io.IOException;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Texts that nft 1.0.6 takes. */
final class NftTextTest {
  private static final NftSet PLAIN = NftSet.set("known", "ipv4_addr", ImmutableList.of());
  private static final NftSet DYNAMIC = NftSet.dynamic("seen", "ipv4_addr", 10);
  private static final NftSet FULL =
      new NftSet(
          "refused",
          ImmutableList.of("ipv4_addr"),
          true,
          0,
          "who is refused",
          ImmutableList.of(),
          ImmutableList.of(
              new Statement.Case(new Word("10.0.0.1"), new Drop()),
              new Statement.Case(new Word("10.0.0.2"), new Drop())));
  private static final NftTable SETS =
      new NftTable(IpFamily.IPV4, "t", ImmutableList.of(PLAIN, DYNAMIC, FULL), ImmutableList.of());

  @Test
  void setsAreWrittenWithWhatTheyHave() throws IOException {
    StringWriter text = new StringWriter();
    NftText.write(List.of(SETS), text);
    assertThat(text)
        .hasToString(
            """
            table ip t {
            \tset known {
            \t\ttype ipv4_addr
            \t}

            \tset seen {
            \t\ttype ipv4_addr
            \t\tsize 65535
            \t\tflags dynamic,timeout
            \t\ttimeout 10s
            \t}

            \tmap refused {
            \t\ttype ipv4_addr : verdict
            \t\tcomment "who is refused"
            \t\telements = { 10.0.0.1 : drop,
            \t\t\t     10.0.0.2 : drop }
            \t}

            }
            """);
  }

  @Test
  void commandsAddSetsWithoutTheirElements() throws IOException {
    StringWriter text = new StringWriter();
    NftCommands commands = new NftCommands(SETS, text);
    for (NftSet set : SETS.sets()) {
      commands.addSet(set);
    }
    assertThat(text)
        .hasToString(
            """
            add set ip t known { type ipv4_addr ; }
            add set ip t seen { type ipv4_addr ; flags dynamic,timeout ; timeout 10s ; }
            add map ip t refused { type ipv4_addr : verdict ; }
            """);
  }

  @Test
  void statesAndTranslationNeedConnectionTracking() {
    NftRule stateless = NftRule.of(new Statement.Reject());
    NftRule stateful =
        NftRule.of(
            new Statement.Match(
                Statement.Comparison.EQUAL, new Expression.Ct("state"), new Word("new")));
    assertThat(table("filter", stateless).needsConntrack()).isFalse();
    assertThat(table("filter", stateless, stateful).needsConntrack()).isTrue();
    assertThat(table("nat").needsConntrack()).isTrue();
  }

  private static NftTable table(String type, NftRule... rules) {
    return NftHost.table(IpFamily.IPV4, base(type, Hook.PREROUTING, 0, List.of(rules)));
  }
}
