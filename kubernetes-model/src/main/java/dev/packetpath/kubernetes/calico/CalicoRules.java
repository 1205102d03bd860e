package dev.packetpath.kubernetes.calico;

import dev.packetpath.kubernetes.text.ChainRules;
import dev.packetpath.kubernetes.text.RuleWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Rules in the making, each with the comment by which Felix knows it again. */
final class CalicoRules {
  static final int ACCEPT = 0x1_0000;
  static final int PASS = 0x2_0000;
  static final int SCRATCH = 0x8_0000;

  /** All of Calico's marks: accept, pass, drop and two scratch bits. */
  static final int ALL = 0x1f_0000;

  private static final int HASH_CHARACTERS = 16;

  private final List<Consumer<RuleWriter>> rules = new ArrayList<>();

  private CalicoRules add(Consumer<RuleWriter> rule) {
    rules.add(rule);
    return this;
  }

  /** Returns what writes these rules into a chain. */
  ChainRules build() {
    List<Consumer<RuleWriter>> all = List.copyOf(rules);
    return (chain, out) -> {
      for (int i = 0; i < all.size(); i++) {
        out.append(chain)
            .comment("cali:" + CalicoNames.hash(chain + "/" + i).substring(0, HASH_CHARACTERS));
        all.get(i).accept(out);
      }
    };
  }

  /** Adds a rule that always jumps. */
  CalicoRules jump(String target) {
    return add(rule -> rule.jump(target));
  }

  /** Adds a rule that jumps where a test holds. */
  CalicoRules when(Consumer<RuleWriter> test, String target) {
    return add(
        rule -> {
          test.accept(rule);
          rule.jump(target);
        });
  }

  /** Adds a rule that goes elsewhere where a test holds, and does not come back. */
  CalicoRules goWhen(Consumer<RuleWriter> test, String chain) {
    return add(
        rule -> {
          test.accept(rule);
          rule.goTo(chain);
        });
  }

  /** Adds a rule that clears marks. */
  CalicoRules clear(int bits) {
    return set(rule -> {}, 0, bits);
  }

  /** Adds a rule that sets marks where a test holds. */
  CalicoRules mark(Consumer<RuleWriter> test, int bits) {
    return set(test, bits, bits);
  }

  /** Adds a rule that gives some bits of the mark a value where a test holds. */
  CalicoRules set(Consumer<RuleWriter> test, int value, int mask) {
    return add(
        rule -> {
          test.accept(rule);
          String bits = RuleWriter.hex(value);
          String written = RuleWriter.hex(mask);
          rule.target(
              "MARK --set-mark " + bits + "/" + written,
              "MARK --set-xmark " + bits + "/" + written);
        });
  }

  static Consumer<RuleWriter> marked(int bits) {
    return rule -> rule.marked(bits);
  }

  static Consumer<RuleWriter> unmarked(int bits) {
    return rule -> rule.match("mark --mark 0x0/" + RuleWriter.hex(bits));
  }

  static Consumer<RuleWriter> state(String states) {
    return rule -> rule.match("conntrack --ctstate " + states);
  }
}
