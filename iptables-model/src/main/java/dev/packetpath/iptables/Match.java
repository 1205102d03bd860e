package dev.packetpath.iptables;

import java.util.Optional;

/**
 * A condition of a rule as written: a record in {@code dev.packetpath.iptables.match}. It knows its
 * text and makes the function that tests packets.
 */
public interface Match {
  /** Returns the name behind {@code -m}. */
  String name();

  /** Prints {@code -m} and the name. */
  default void printLoading(OptionPrinter out) {
    out.word("-m").word(name());
  }

  /** Prints the options as iptables-save does, each with a leading space. */
  void print(OptionPrinter out);

  /**
   * Returns the function that tests packets, with a state of its own where the match has one: every
   * load of a table starts it anew.
   */
  MatchFunction compile(CompileContext context);

  /**
   * Returns what this match is to the compiled walk. A form other than {@link MatchForm#FUNCTION}
   * must answer as the function of {@link #compile} does, which is then never made.
   */
  default MatchForm form() {
    return MatchForm.FUNCTION;
  }

  /** Returns whether a rule with this match switches connection tracking on. */
  default boolean needsConntrack() {
    return false;
  }

  /**
   * Returns whether what this does with a packet may depend on packets of other flows: it counts,
   * limits or remembers, or looks for what is free. Such flows belong on one engine.
   */
  default boolean sharesState() {
    return false;
  }

  /**
   * Returns why the kernel refuses this match at a place, if it does. What may stand where some
   * hooks lead may stand where fewer of them do.
   */
  default Optional<Refusal> refusal(RulePlace place) {
    return Optional.empty();
  }
}
