package dev.packetpath.iptables;

import java.util.Optional;

/** What a rule does with a packet that it matches. */
public sealed interface RuleAction {
  /** Prints the {@code -j} or {@code -g} part. */
  void print(OptionPrinter out);

  /** Returns whether this asks connection tracking or NAT for something. */
  default boolean needsConntrack() {
    return false;
  }

  /** Returns the chain of a jump or goto. */
  default Optional<String> calledChain() {
    return Optional.empty();
  }

  /** Only counts. */
  record Continue() implements RuleAction {
    @Override
    public void print(OptionPrinter out) {}
  }

  /**
   * Ends the walk or returns from the chain.
   *
   * @param verdict which
   */
  record Standard(StandardVerdict verdict) implements RuleAction {
    @Override
    public void print(OptionPrinter out) {
      out.word("-j").word(verdict.name());
    }
  }

  /**
   * Goes on in a user chain and comes back behind this rule.
   *
   * @param chain the chain's name
   */
  record Jump(String chain) implements RuleAction {
    @Override
    public void print(OptionPrinter out) {
      out.word("-j").word(chain);
    }

    @Override
    public Optional<String> calledChain() {
      return Optional.of(chain);
    }
  }

  /**
   * Goes on in a user chain and comes back behind the last jump.
   *
   * @param chain the chain's name
   */
  record Goto(String chain) implements RuleAction {
    @Override
    public void print(OptionPrinter out) {
      out.word("-g").word(chain);
    }

    @Override
    public Optional<String> calledChain() {
      return Optional.of(chain);
    }
  }

  /**
   * Runs a target.
   *
   * @param target which
   */
  record Extension(Target target) implements RuleAction {
    @Override
    public void print(OptionPrinter out) {
      out.word("-j").word(target.name());
      target.print(out);
    }

    @Override
    public boolean needsConntrack() {
      return target.needsConntrack();
    }
  }
}
