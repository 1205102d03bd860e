package dev.packetpath.iptables.syntax;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a long option means in a rule: an option of an extension, or one of iptables itself.
 *
 * @param extension the extension, null for iptables itself
 * @param option its option, null for iptables itself
 * @param base the option of iptables itself, null for an extension
 */
record LongOption(
    @Nullable Extension<?> extension, @Nullable OptionSpec option, @Nullable BaseOption base) {

  /** Returns all that a name can abbreviate (getopt_long(3): it is good if there is just one). */
  static List<LongOption> abbreviated(String name, List<Extension<?>> extensions) {
    List<LongOption> candidates = new ArrayList<>();
    for (BaseOption base : BaseOption.abbreviated(name)) {
      candidates.add(new LongOption(null, null, base));
    }
    for (Extension<?> extension : extensions) {
      for (OptionSpec option : extension.abbreviated(name)) {
        candidates.add(new LongOption(extension, option, null));
      }
    }
    return candidates;
  }

  @Override
  public String toString() {
    return option == null ? String.valueOf(base) : option.name();
  }
}
