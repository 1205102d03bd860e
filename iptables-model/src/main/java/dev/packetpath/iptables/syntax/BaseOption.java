package dev.packetpath.iptables.syntax;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The options that iptables has by itself, without any match or target (iptables 1.8.9,
 * iptables(8)).
 */
enum BaseOption {
  APPEND('A', Role.COMMAND, Argument.REQUIRED, "append"),
  CHECK('C', Role.COMMAND, Argument.REQUIRED, "check"),
  DELETE('D', Role.COMMAND, Argument.REQUIRED, "delete"),
  DELETE_CHAIN('X', Role.COMMAND, Argument.OPTIONAL, "delete-chain"),
  FLUSH('F', Role.COMMAND, Argument.OPTIONAL, "flush"),
  INSERT('I', Role.COMMAND, Argument.REQUIRED, "insert"),
  LIST('L', Role.COMMAND, Argument.OPTIONAL, "list"),
  LIST_RULES('S', Role.COMMAND, Argument.OPTIONAL, "list-rules"),
  NEW_CHAIN('N', Role.COMMAND, Argument.REQUIRED, "new-chain"),
  POLICY('P', Role.COMMAND, Argument.REQUIRED, "policy"),
  RENAME_CHAIN('E', Role.COMMAND, Argument.REQUIRED, "rename-chain"),
  REPLACE('R', Role.COMMAND, Argument.REQUIRED, "replace"),
  ZERO('Z', Role.COMMAND, Argument.OPTIONAL, "zero"),

  COUNTERS('c', Role.RULE, Argument.REQUIRED, "set-counters"),
  DESTINATION('d', Role.RULE, Argument.REQUIRED, "destination", "dst"),
  FRAGMENTS('f', Role.RULE, Argument.NONE, "fragments"),
  GOTO('g', Role.RULE, Argument.REQUIRED, "goto"),
  IN_INTERFACE('i', Role.RULE, Argument.REQUIRED, "in-interface"),
  JUMP('j', Role.RULE, Argument.REQUIRED, "jump"),
  MATCH('m', Role.RULE, Argument.REQUIRED, "match"),
  OUT_INTERFACE('o', Role.RULE, Argument.REQUIRED, "out-interface"),
  PROTOCOL('p', Role.RULE, Argument.REQUIRED, "protocol"),
  SOURCE('s', Role.RULE, Argument.REQUIRED, "source", "src"),

  EXACT('x', Role.FLAG, Argument.NONE, "exact"),
  HELP('h', Role.FLAG, Argument.OPTIONAL, "help"),
  IPV4('4', Role.FLAG, Argument.NONE, "ipv4"),
  IPV6('6', Role.FLAG, Argument.NONE, "ipv6"),
  LINE_NUMBERS('\0', Role.FLAG, Argument.NONE, "line-numbers"),
  MODPROBE('M', Role.FLAG, Argument.REQUIRED, "modprobe"),
  NUMERIC('n', Role.FLAG, Argument.NONE, "numeric"),
  TABLE('t', Role.FLAG, Argument.REQUIRED, "table"),
  VERBOSE('v', Role.FLAG, Argument.NONE, "verbose"),
  VERSION('V', Role.FLAG, Argument.NONE, "version"),
  WAIT('w', Role.FLAG, Argument.OPTIONAL, "wait"),
  WAIT_INTERVAL('W', Role.FLAG, Argument.OPTIONAL, "wait-interval");

  /** What an option is for. */
  enum Role {
    /** Says what is done. */
    COMMAND,
    /** Says something of a rule. */
    RULE,
    /** Changes how a command runs. */
    FLAG
  }

  /** Whether a word belongs to an option. */
  enum Argument {
    /** No. */
    NONE,
    /** Yes. */
    REQUIRED,
    /** It may. */
    OPTIONAL
  }

  private static final @Nullable BaseOption[] BY_LETTER = new @Nullable BaseOption[128];
  private static final ImmutableMap<String, BaseOption> BY_NAME;

  static {
    ImmutableMap.Builder<String, BaseOption> byName = ImmutableMap.builder();
    for (BaseOption option : values()) {
      BY_LETTER[option.letter] = option;
      option.names.forEach(name -> byName.put(name, option));
    }
    BY_LETTER[0] = null;
    BY_NAME = byName.buildOrThrow();
  }

  private final char letter;
  private final String text;
  private final Role role;
  private final Argument argument;
  private final ImmutableList<String> names;

  BaseOption(char letter, Role role, Argument argument, String... names) {
    this.letter = letter;
    this.text = letter == 0 ? "--" + names[0] : "-" + letter;
    this.role = role;
    this.argument = argument;
    this.names = List.of(names).stream().map("--"::concat).collect(ImmutableList.toImmutableList());
  }

  /** Returns the option of a letter, null if there is none. */
  static @Nullable BaseOption ofLetter(char letter) {
    return letter < BY_LETTER.length ? BY_LETTER[letter] : null;
  }

  /** Returns the option of a long name with its dashes, null if there is none. */
  static @Nullable BaseOption ofName(String name) {
    return BY_NAME.get(name);
  }

  /** Returns the options that have a long name with this start. */
  static List<BaseOption> abbreviated(String prefix) {
    return BY_NAME.entrySet().stream()
        .filter(entry -> entry.getKey().startsWith(prefix))
        .map(Map.Entry::getValue)
        .distinct()
        .toList();
  }

  Role role() {
    return role;
  }

  Argument argument() {
    return argument;
  }

  boolean isInvertible() {
    return switch (this) {
      case SOURCE, DESTINATION, IN_INTERFACE, OUT_INTERFACE, PROTOCOL, FRAGMENTS -> true;
      default -> false;
    };
  }

  /**
   * Returns whether iptables takes the whole word as value where the value is attached to the
   * option: {@code -ieth0} is device {@code -ieth0}.
   */
  boolean takesWholeWord() {
    return switch (this) {
      case SOURCE, DESTINATION, IN_INTERFACE, OUT_INTERFACE, PROTOCOL, JUMP -> true;
      default -> false;
    };
  }

  /** Returns the short spelling, or the long one if there is no other. */
  @Override
  public String toString() {
    return text;
  }
}
