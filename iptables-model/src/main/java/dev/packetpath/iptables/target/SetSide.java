package dev.packetpath.iptables.target;

import dev.packetpath.core.HookState;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.iptables.CompileContext;
import dev.packetpath.iptables.OptionPrinter;
import dev.packetpath.iptables.TargetFunction;
import dev.packetpath.iptables.TargetResult;
import dev.packetpath.iptables.ipset.SetDimensions;
import dev.packetpath.iptables.ipset.SetReference;
import dev.packetpath.iptables.ipset.SetSpec;
import dev.packetpath.iptables.ipset.SetType;
import dev.packetpath.iptables.syntax.OptionValues;
import java.util.function.Function;

/**
 * A set that {@code -j SET} changes or asks, and which sides of the packet it gets.
 *
 * @param set the set's name, "" for none
 * @param dimensions the sides
 */
public record SetSide(String set, SetDimensions dimensions) {
  /** No set. */
  public static final SetSide NONE = new SetSide("", SetDimensions.SOURCE);

  private static final int MAX_NAME_CHARS = 31;

  /** What is done with a packet. */
  @FunctionalInterface
  interface Action {
    /** Does it, if that is possible. */
    void run(Packet packet, HookState state);
  }

  static SetSide read(OptionValues options, String option) {
    return options.get(option).map(given -> read(options, given)).orElse(NONE);
  }

  private static SetSide read(OptionValues options, OptionValues.Given given) {
    String name = given.value();
    if (name.isEmpty() || name.length() > MAX_NAME_CHARS) {
      throw options.error(
          given, "\"" + name + "\"", "a set name of 1 to " + MAX_NAME_CHARS + " characters");
    }
    String sides = given.values().get(1);
    try {
      return new SetSide(name, SetDimensions.parse(sides));
    } catch (IllegalArgumentException e) {
      throw options.error(given, "\"" + sides + "\"", "one to six of src and dst with commas");
    }
  }

  void print(OptionPrinter out, String option) {
    if (!set.isEmpty()) {
      out.option(option, set).word(dimensions.toString());
    }
  }

  /**
   * Returns the function that does something with the set and goes on. Nothing is done with a set
   * that nobody described: what is in it is asked anew each time anyway.
   *
   * @throws dev.packetpath.iptables.LoadException if the set does not exist or has another family
   */
  TargetFunction compile(CompileContext context, Function<SetReference, Action> maker) {
    if (set.isEmpty()) {
      return (packet, state) -> TargetResult.CONTINUE;
    }
    if (!context.sets().contains(set)) {
      if (context.sets().mayHaveOthers()) {
        return (packet, state) -> TargetResult.CONTINUE;
      }
      throw context.refused("set " + set + ", which does not exist", "a set that was created");
    }
    SetReference reference = context.sets().reference(set);
    checkFamily(context, reference.spec());
    Action action = maker.apply(reference);
    return (packet, state) -> {
      action.run(packet, state);
      return TargetResult.CONTINUE;
    };
  }

  private void checkFamily(CompileContext context, SetSpec spec) {
    boolean hasFamily = spec.type() != SetType.LIST_SET && spec.type() != SetType.BITMAP_PORT;
    if (hasFamily && spec.family() != context.family()) {
      throw context.refused("set " + set + " of " + spec.family(), "a set of " + context.family());
    }
  }
}
