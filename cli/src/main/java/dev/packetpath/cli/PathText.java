package dev.packetpath.cli;

import com.google.common.base.Ascii;
import dev.packetpath.conntrack.ConnectionState;
import dev.packetpath.conntrack.ConntrackEvent;
import dev.packetpath.conntrack.ManipType;
import dev.packetpath.core.TraceEvent;
import dev.packetpath.core.host.Device;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.iptables.Policy;
import dev.packetpath.iptables.TableName;
import dev.packetpath.ipvs.IpvsEvent;
import dev.packetpath.node.trace.HookStep;
import dev.packetpath.node.trace.PacketPath;
import dev.packetpath.node.trace.PathEnd;
import dev.packetpath.node.trace.PathSummary;
import dev.packetpath.node.trace.WalkStep;
import java.util.List;

/** Prints the path of one packet, hook by hook. */
final class PathText {
  private final Palette palette;
  private final Columns columns;
  private String label = "";
  private boolean natShown;

  private PathText(Palette palette) {
    this.palette = palette;
    this.columns = new Columns("  ", palette);
  }

  static void print(PacketPath path, Palette palette, StringBuilder out) {
    PathText text = new PathText(palette);
    path.stages().forEach(text::stage);
    text.columns.line(text.end(path));
    text.columns.writeTo(out);
  }

  private void stage(PacketPath.Stage stage) {
    if (stage instanceof PacketPath.Stage.AtHook hook) {
      TraceEvent.HookEntered entered = hook.entered();
      columns.line(
          palette.bold(entered.hook().name())
              + device("  in ", entered.in())
              + device("  out ", entered.out()));
      natShown = false;
      hook.steps().forEach(this::step);
    } else if (stage instanceof PacketPath.Stage.Routed routed) {
      columns.line(palette.bold("route") + "  " + routed.routed().route());
    } else if (stage instanceof PacketPath.Stage.Looped looped) {
      columns.line("comes back in by " + looped.received().in());
    }
  }

  private static String device(String preposition, Device device) {
    return device.exists() ? preposition + device.name() : "";
  }

  private void step(HookStep step) {
    if (step instanceof HookStep.TableWalk walk) {
      if (walk.rulesEvaluated() == 0 && walk.steps().stream().noneMatch(PathText::drops)) {
        return;
      }
      label = walk.table().text();
      natShown |= walk.table() == TableName.NAT;
      List<WalkStep> steps = walk.steps();
      for (int i = 0; i < steps.size(); i++) {
        boolean folded = i + 1 < steps.size() && isPlainReturn(steps, i);
        step(steps.get(i), folded ? " " + returned((WalkStep.Returned) steps.get(i + 1)) : "");
        if (folded) {
          i++;
        }
      }
    } else if (step instanceof HookStep.Answered answered) {
      answer(answered.path());
    } else if (step instanceof HookStep.Other other) {
      label = "";
      other(other.event());
    }
  }

  private static boolean drops(WalkStep step) {
    return step instanceof WalkStep.Policed policed && policed.policy() == Policy.DROP;
  }

  /** Returns whether a rule calls a chain that ends without any rule that matches. */
  private static boolean isPlainReturn(List<WalkStep> steps, int at) {
    return steps.get(at) instanceof WalkStep.Matched rule
        && steps.get(at + 1) instanceof WalkStep.Returned returned
        && !returned.byRule()
        && returned.depth() == rule.depth() + 1;
  }

  private String returned(WalkStep.Returned step) {
    return palette.dim(
        step.passedOver() == 0
            ? "(empty, returns)"
            : "(returns, " + step.passedOver() + " passed)");
  }

  private void step(WalkStep step, String behind) {
    if (step instanceof WalkStep.Matched rule) {
      rule(
          rule.depth(),
          rule.chain() + " " + rule.index(),
          rule.passedOver(),
          RuleText.of(rule.rule(), palette) + behind);
    } else if (step instanceof WalkStep.DroppedByMatch rule) {
      rule(
          rule.depth(),
          rule.chain() + " " + rule.index(),
          rule.passedOver(),
          RuleText.of(rule.rule(), palette) + palette.bad("  a match drops the packet"));
    } else if (step instanceof WalkStep.Returned returned) {
      if (!returned.byRule() && returned.passedOver() > 0) {
        rule(returned.depth(), returned.chain() + " end", returned.passedOver(), "returns");
      }
    } else if (step instanceof WalkStep.Policed policed) {
      String policy = "policy " + policed.policy();
      rule(
          0,
          policed.chain() + (policed.byRule() ? "" : " end"),
          policed.passedOver(),
          policed.policy() == Policy.DROP ? palette.bad(policy) : policy);
    } else if (step instanceof WalkStep.Answered answered) {
      answer(answered.path());
    } else if (step instanceof WalkStep.Other other) {
      other(other.event());
    }
  }

  private void rule(int depth, String place, int passed, String text) {
    columns.rule(label, " ".repeat(depth) + place, passed, text);
    label = "";
  }

  private void answer(PacketPath path) {
    long rules = path.walks().stream().mapToLong(HookStep.TableWalk::rulesEvaluated).sum();
    boolean unchanged =
        path.end() instanceof PathEnd.Emitted emitted
            && emitted.packet().toString().equals(path.start().toString());
    columns.row("answer", palette.changed(path.start().toString()));
    columns.row(
        "",
        "by "
            + path.origin()
            + (unchanged
                ? ", leaves by " + ((PathEnd.Emitted) path.end()).device()
                : ", " + PathSummary.of(path))
            + palette.dim(" (" + rules + " rules)"));
  }

  private void other(TraceEvent event) {
    if (event instanceof ConntrackEvent.LookedUp lookedUp) {
      columns.row("conntrack", connection(lookedUp));
    } else if (event instanceof ConntrackEvent.Invalid invalid) {
      columns.row("conntrack", palette.bad("INVALID") + ": " + invalid.reason());
    } else if (event instanceof ConntrackEvent.Confirmed) {
      columns.row("conntrack", "confirmed");
    } else if (event instanceof ConntrackEvent.Dropped dropped) {
      columns.row("conntrack", palette.bad("drops") + ": " + dropped.reason());
    } else if (event instanceof ConntrackEvent.Reassembled reassembled) {
      columns.row(
          "defrag", reassembled.complete() ? "the packet is whole again" : "waits for the rest");
    } else if (event instanceof ConntrackEvent.NatRewrote nat) {
      rewrote(
          nat.type() == ManipType.SOURCE ? "source" : "destination",
          endpoint(nat.addressBefore(), nat.portBefore()),
          endpoint(nat.addressAfter(), nat.portAfter()));
    } else if (event instanceof ConntrackEvent.NatRewroteQuoted nat) {
      rewrote(
          "quoted " + (nat.type() == ManipType.SOURCE ? "source" : "destination"),
          endpoint(nat.addressBefore(), nat.portBefore()),
          endpoint(nat.addressAfter(), nat.portAfter()));
    } else if (event instanceof IpvsEvent ipvs) {
      ipvs(ipvs);
    } else if (event instanceof TraceEvent.Routed routed) {
      columns.row("route", routed.route() + palette.dim(" (" + routed.why() + ")"));
    }
  }

  private void ipvs(IpvsEvent event) {
    if (event instanceof IpvsEvent.Forwarded forwarded) {
      String method = Ascii.toLowerCase(forwarded.method().name()).replace('_', ' ');
      columns.row(
          "ipvs",
          palette.changed(
                  forwarded.service()
                      + " → "
                      + endpoint(forwarded.server(), forwarded.serverPort()))
              + " by "
              + method
              + palette.dim(
                  (forwarded.created() ? "  scheduled, " : "  known, ") + forwarded.state()));
    } else if (event instanceof IpvsEvent.Answered answered) {
      columns.row(
          "ipvs",
          palette.changed("source → " + endpoint(answered.virtualAddress(), answered.virtualPort()))
              + palette.dim("  " + answered.state()));
    } else if (event instanceof IpvsEvent.Refused refused) {
      columns.row("ipvs", palette.bad("drops") + ": " + refused.reason());
    }
  }

  private String connection(ConntrackEvent.LookedUp event) {
    ConnectionState state = event.state();
    String name =
        switch (state) {
          case ESTABLISHED_REPLY -> "ESTABLISHED, reply";
          case RELATED_REPLY -> "RELATED, reply";
          case NONE -> "INVALID";
          default -> state.name();
        };
    String change =
        event.after().isEmpty() || event.before().equals(event.after())
            ? event.after()
            : (event.before().isEmpty() || event.before().equals("NONE")
                    ? ""
                    : event.before() + " → ")
                + event.after();
    return palette.changed(name) + (change.isEmpty() ? "" : palette.dim("  " + change));
  }

  private void rewrote(String what, String before, String after) {
    columns.row(natShown ? "" : "nat", palette.changed(what + " " + before + " → " + after));
    natShown = true;
  }

  private static String endpoint(IpAddress address, int port) {
    return port == 0 ? address.toString() : address.withPort(port);
  }

  private String end(PacketPath path) {
    String summary = PathSummary.of(path);
    PathEnd end = path.end();
    boolean good = end instanceof PathEnd.Emitted || end instanceof PathEnd.Delivered;
    return "=> " + (good ? palette.good(summary) : palette.bad(summary));
  }
}
