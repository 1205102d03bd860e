package dev.packetpath.iptables;

/**
 * A chain as it is walked. Its first rules are always evaluated one by one; the rest, if it has an
 * index, only where the index says that the header may hold. Immutable.
 */
final class ChainProgram {
  private static final int[] NO_STARTS = {};

  final Chain written;

  /** The rules, see {@link RuleCode}. */
  final int[] code;

  final int size;

  /** How many rules are before those of the index; {@link #size} if there is none. */
  final int plain;

  /** Where in {@link #code} the rules start, from the first one of the index on. */
  private final int[] starts;

  final ChainIndex index;

  /** The site of its rules' draws, see {@link LoadContext#siteOf}. */
  final long site;

  final int functions;
  final int targets;

  ChainProgram(Chain written, RuleEncoder encoder, int[] starts, ChainIndex index, long site) {
    this.written = written;
    this.code = encoder.code();
    this.size = written.rules().size();
    this.plain = size - starts.length;
    this.starts = starts.length == 0 ? NO_STARTS : starts;
    this.index = index;
    this.site = site;
    this.functions = encoder.functions();
    this.targets = encoder.targets();
  }

  boolean isIndexed() {
    return plain < size;
  }

  /** Returns where a rule of the index starts; behind the last rule, where the code ends. */
  int start(int place) {
    return place == size ? code.length : starts[place - plain];
  }
}
