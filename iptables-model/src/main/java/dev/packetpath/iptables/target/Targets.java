package dev.packetpath.iptables.target;

import com.google.common.collect.ImmutableList;
import dev.packetpath.iptables.Target;
import dev.packetpath.iptables.syntax.ExtensionSyntax;

/** The list of all targets: a new one is a file in this package and a line here. */
public final class Targets {
  /** How each target is written. */
  public static final ImmutableList<ExtensionSyntax<Target>> ALL =
      ImmutableList.of(
          AuditTarget.SYNTAX,
          ChecksumTarget.SYNTAX,
          ClassifyTarget.SYNTAX,
          ConnmarkTarget.SYNTAX,
          ConnsecmarkTarget.SYNTAX,
          CtTarget.SYNTAX,
          DnatTarget.SYNTAX,
          DscpTarget.SYNTAX,
          EcnTarget.SYNTAX,
          HlTarget.SYNTAX,
          IdletimerTarget.SYNTAX,
          LogTarget.SYNTAX,
          MarkTarget.SYNTAX,
          MasqueradeTarget.SYNTAX,
          NetmapTarget.SYNTAX,
          NflogTarget.SYNTAX,
          NfqueueTarget.SYNTAX,
          NotrackTarget.SYNTAX,
          RedirectTarget.SYNTAX,
          RejectTarget.SYNTAX,
          SecmarkTarget.SYNTAX,
          SetTarget.SYNTAX,
          SnatTarget.SYNTAX,
          TcpmssTarget.SYNTAX,
          TcpoptstripTarget.SYNTAX,
          TeeTarget.SYNTAX,
          TosTarget.SYNTAX,
          TproxyTarget.SYNTAX,
          TraceTarget.SYNTAX,
          TtlTarget.SYNTAX);

  private Targets() {}
}
