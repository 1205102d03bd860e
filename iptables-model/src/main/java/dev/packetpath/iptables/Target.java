package dev.packetpath.iptables;

import java.util.Optional;

/**
 * A target as written: a record in {@code dev.packetpath.iptables.target}. It knows its text and
 * makes the function that acts on packets.
 */
public interface Target {
  /** Returns the name behind {@code -j}. */
  String name();

  /** Prints the options as iptables-save does, each with a leading space. */
  void print(OptionPrinter out);

  /**
   * Returns what this target is to the compiled walk. A form other than {@link TargetForm#FUNCTION}
   * does to every packet what the function does.
   */
  default TargetForm form() {
    return TargetForm.FUNCTION;
  }

  /** Returns the function that acts on packets. */
  TargetFunction compile(CompileContext context);

  /** Returns whether a rule with this target switches connection tracking on. */
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
   * Returns why the kernel refuses this target at a place, if it does. What may stand where some
   * hooks lead may stand where fewer of them do.
   */
  default Optional<Refusal> refusal(RulePlace place) {
    return Optional.empty();
  }
}
