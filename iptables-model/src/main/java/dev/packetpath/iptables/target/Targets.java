package dev.packetpath.iptables.target;

import com.google.common.collect.ImmutableList;
import dev.packetpath.iptables.Target;
import dev.packetpath.iptables.syntax.ExtensionSyntax;

/** The list of all targets: a new one is a file in this package and a line here. */
public final class Targets {
  /** How each target is written. */
  public static final ImmutableList<ExtensionSyntax<Target>> ALL =
      ImmutableList.of(
          ConnmarkTarget.SYNTAX,
          CtTarget.SYNTAX,
          DnatTarget.SYNTAX,
          LogTarget.SYNTAX,
          MarkTarget.SYNTAX,
          MasqueradeTarget.SYNTAX,
          NetmapTarget.SYNTAX,
          NotrackTarget.SYNTAX,
          RedirectTarget.SYNTAX,
          RejectTarget.SYNTAX,
          SnatTarget.SYNTAX);

  private Targets() {}
}
