package dev.packetpath.iptables.syntax;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import dev.packetpath.core.SyntaxException;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.iptables.Chain;
import dev.packetpath.iptables.Rule;
import dev.packetpath.iptables.Ruleset;
import dev.packetpath.iptables.Table;
import dev.packetpath.iptables.testing.RulesetArbitraries;
import java.io.IOException;
import java.io.StringReader;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;

/** What holds for every text that the parser is given. */
final class RestoreProperties {
  private static final ImmutableList<String> PIECES =
      ImmutableList.of(
          " ",
          "\n",
          "\t",
          "\"",
          "\\",
          "!",
          "-",
          "--",
          "*",
          ":",
          "[",
          "]",
          "#",
          ",",
          "/",
          "0",
          "-1",
          "4294967296",
          "18446744073709551616",
          "::",
          "10.0.0.0/8",
          "-A INPUT",
          "-j",
          "-j RETURN",
          "-g",
          "-m",
          "-p tcp",
          "-p",
          "--dport",
          "--ctstate NEW",
          "-m conntrack",
          "-m set",
          "--match-set blue src",
          "-m recent --set",
          "-m statistic",
          "--mode nth --every 2",
          "-X",
          "-F",
          "-E",
          "-N",
          "-D INPUT 1",
          "COMMIT\n",
          "*nat\n",
          "*filter\n",
          "-I INPUT 1",
          "-c 1 2",
          "[1:2] ",
          "\r",
          "\0",
          "\u0301",
          "\ud83d\ude00",
          "\ud800",
          "é",
          "٣");

  @Provide
  Arbitrary<Ruleset> rulesets() {
    return Arbitraries.of(IpFamily.class)
        .flatMap(family -> RulesetArbitraries.rulesets(family, RulesetArbitraries.Parts.ALL));
  }

  @Property(tries = 60, shrinking = ShrinkingMode.OFF)
  void whatIsPrintedReadsAsTheSame(@ForAll("rulesets") Ruleset ruleset) throws IOException {
    String text = SavePrinter.toText(ruleset, true);
    Ruleset read = RestoreParser.parse("rules", ruleset.family(), new StringReader(text));
    assertThat(withoutLines(read)).isEqualTo(ruleset);
    assertThat(SavePrinter.toText(read, true)).isEqualTo(text);
  }

  @Property(tries = 60, shrinking = ShrinkingMode.OFF)
  void noChangeOfATextMakesTheParserFailOtherwiseThanWithAnError(
      @ForAll("rulesets") Ruleset ruleset, @ForAll Random random) throws IOException {
    StringBuilder text = new StringBuilder(SavePrinter.toText(ruleset, true));
    for (int changes = 1 + random.nextInt(5); changes > 0; changes--) {
      change(text, random);
    }
    readsOrErrs(ruleset.family(), text.toString());
  }

  @Property(tries = 300, shrinking = ShrinkingMode.OFF)
  void noHeapOfWordsMakesTheParserFailOtherwiseThanWithAnError(@ForAll Random random)
      throws IOException {
    StringBuilder text = new StringBuilder("*filter\n:blue - [0:0]\n");
    for (int pieces = random.nextInt(60); pieces > 0; pieces--) {
      text.append(PIECES.get(random.nextInt(PIECES.size())));
      text.append(random.nextInt(4) == 0 ? "\n" : " ");
    }
    readsOrErrs(IpFamily.IPV4, text.append("\nCOMMIT\n").toString());
  }

  @Property(tries = 300, shrinking = ShrinkingMode.OFF)
  void noTextAtAllMakesTheParserFailOtherwiseThanWithAnError(@ForAll String text)
      throws IOException {
    readsOrErrs(IpFamily.IPV6, text);
    readsOrErrs(IpFamily.IPV4, "*filter\n-A INPUT " + text + "\nCOMMIT\n");
  }

  /** What is read prints as a text that reads as the same. */
  private static void readsOrErrs(IpFamily family, String text) throws IOException {
    for (ReadMode mode : ReadMode.values()) {
      Ruleset read;
      try {
        read = new RestoreParser("rules", family, mode).read(new StringReader(text));
      } catch (SyntaxException refused) {
        assertThat(refused).hasMessageStartingWith("rules:").hasMessageContaining("expected");
        continue;
      }
      if (mode == ReadMode.STRICT) {
        String printed = SavePrinter.toText(read, true);
        assertThat(
                SavePrinter.toText(
                    RestoreParser.parse("printed", family, new StringReader(printed)), true))
            .isEqualTo(printed);
      }
    }
  }

  private static void change(StringBuilder text, Random random) {
    int at = random.nextInt(text.length() + 1);
    int end = Math.min(text.length(), at + 1 + random.nextInt(12));
    switch (random.nextInt(5)) {
      case 0 -> text.delete(at, end);
      case 1 -> text.insert(at, PIECES.get(random.nextInt(PIECES.size())));
      case 2 -> text.insert(at, text.substring(at, end));
      case 3 -> {
        if (at < text.length()) {
          text.setCharAt(at, (char) random.nextInt(256));
        }
      }
      default -> {
        int word = text.indexOf(" ", at);
        text.insert(word < 0 ? at : word, " " + PIECES.get(random.nextInt(PIECES.size())));
      }
    }
  }

  private static Ruleset withoutLines(Ruleset ruleset) {
    ImmutableList.Builder<Table> tables = ImmutableList.builder();
    for (Table table : ruleset.tables()) {
      ImmutableList.Builder<Chain> chains = ImmutableList.builder();
      for (Chain chain : table.chains()) {
        ImmutableList.Builder<Rule> rules = ImmutableList.builder();
        for (Rule rule : chain.rules()) {
          rules.add(new Rule(rule.header(), rule.matches(), rule.action(), rule.counters(), 0));
        }
        chains.add(new Chain(chain.name(), chain.policy(), chain.policyCounters(), rules.build()));
      }
      tables.add(new Table(table.name(), chains.build()));
    }
    return new Ruleset(ruleset.family(), tables.build());
  }
}
