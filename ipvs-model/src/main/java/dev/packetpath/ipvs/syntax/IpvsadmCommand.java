package dev.packetpath.ipvs.syntax;

import com.google.common.base.Ascii;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Sets;
import java.util.EnumSet;
import org.jspecify.annotations.Nullable;

/** What a line has ipvsadm do, with the options that may follow. */
enum IpvsadmCommand {
  ADD_SERVICE("-A", Options.SERVICE),
  EDIT_SERVICE("-E", Options.SERVICE),
  DELETE_SERVICE("-D", Options.KEY),
  ADD_SERVER("-a", Options.SERVER),
  EDIT_SERVER("-e", Options.SERVER),
  DELETE_SERVER("-d", Options.NAMED_SERVER),
  CLEAR("-C", Options.NONE),
  ZERO("-Z", Options.KEY);

  static final String LETTERS = "-A, -E, -D, -a, -e, -d, -C or -Z";

  /** Sets of options that commands share. */
  private static final class Options {
    static final ImmutableSet<IpvsadmOption> NONE = ImmutableSet.of();
    static final ImmutableSet<IpvsadmOption> KEY =
        Sets.immutableEnumSet(
            IpvsadmOption.TCP,
            IpvsadmOption.UDP,
            IpvsadmOption.SCTP,
            IpvsadmOption.MARK,
            IpvsadmOption.IPV6);
    static final ImmutableSet<IpvsadmOption> SERVICE =
        with(KEY, EnumSet.range(IpvsadmOption.SCHEDULER, IpvsadmOption.ENGINE));
    static final ImmutableSet<IpvsadmOption> NAMED_SERVER =
        with(KEY, EnumSet.of(IpvsadmOption.SERVER));
    static final ImmutableSet<IpvsadmOption> SERVER =
        with(KEY, EnumSet.range(IpvsadmOption.SERVER, IpvsadmOption.TUNNEL_REMOTE_CHECKSUM));

    private Options() {}

    private static ImmutableSet<IpvsadmOption> with(
        ImmutableSet<IpvsadmOption> some, EnumSet<IpvsadmOption> more) {
      return Sets.immutableEnumSet(Sets.union(some, more));
    }
  }

  private final String letter;
  private final ImmutableSet<IpvsadmOption> options;

  IpvsadmCommand(String letter, ImmutableSet<IpvsadmOption> options) {
    this.letter = letter;
    this.options = options;
  }

  static @Nullable IpvsadmCommand named(String name) {
    for (IpvsadmCommand command : values()) {
      if (command.letter.equals(name) || ("--" + command.text()).equals(name)) {
        return command;
      }
    }
    return null;
  }

  boolean takes(IpvsadmOption option) {
    return options.contains(option);
  }

  /** Returns whether the command is about a service, which the line must name. */
  boolean needsKey() {
    return this != CLEAR && this != ZERO;
  }

  /** Returns the name without dashes. */
  String text() {
    return Ascii.toLowerCase(name()).replace('_', '-');
  }
}
