package dev.packetpath.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.packetpath.conntrack.ConntrackEvent;
import dev.packetpath.core.TraceEvent;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.iptables.Rule;
import dev.packetpath.ipvs.IpvsEvent;
import dev.packetpath.node.PacketJson;
import dev.packetpath.node.trace.HookStep;
import dev.packetpath.node.trace.PacketPath;
import dev.packetpath.node.trace.PathEnd;
import dev.packetpath.node.trace.PathSummary;
import dev.packetpath.node.trace.WalkStep;

/** The path of a packet as JSON. */
final class PathJson {
  private PathJson() {}

  static ObjectNode of(PacketPath path) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put(path.received() ? "in" : "sentBy", path.origin());
    node.set("packet", PacketJson.write(path.start()));
    ArrayNode stages = node.putArray("stages");
    path.stages().forEach(stage -> stage(stages.addObject(), stage));
    node.put("end", end(path.end()));
    node.put("summary", PathSummary.of(path));
    return node;
  }

  private static String end(PathEnd end) {
    if (end instanceof PathEnd.Emitted) {
      return "emitted";
    }
    if (end instanceof PathEnd.Delivered) {
      return "delivered";
    }
    return end instanceof PathEnd.Dropped ? "dropped" : "kept";
  }

  private static void stage(ObjectNode node, PacketPath.Stage stage) {
    if (stage instanceof PacketPath.Stage.AtHook hook) {
      node.put("hook", hook.entered().hook().name());
      node.put("in", hook.entered().in().name());
      node.put("out", hook.entered().out().name());
      ArrayNode steps = node.putArray("steps");
      hook.steps().forEach(step -> step(steps.addObject(), step));
    } else if (stage instanceof PacketPath.Stage.Routed routed) {
      node.put("route", routed.routed().route().toString()).put("why", routed.routed().why());
    } else if (stage instanceof PacketPath.Stage.Looped looped) {
      node.put("looped", looped.received().in().name());
    }
  }

  private static void step(ObjectNode node, HookStep step) {
    if (step instanceof HookStep.TableWalk walk) {
      node.put("table", walk.table().text()).put("chain", walk.chain());
      ArrayNode steps = node.putArray("steps");
      walk.steps().forEach(inWalk -> step(steps.addObject(), inWalk));
      node.put("verdict", walk.verdict().name()).put("rulesEvaluated", walk.rulesEvaluated());
    } else if (step instanceof HookStep.Answered answered) {
      node.set("answer", of(answered.path()));
    } else if (step instanceof HookStep.Other other) {
      event(node, other.event());
    }
  }

  private static void step(ObjectNode node, WalkStep step) {
    if (step instanceof WalkStep.Matched matched) {
      node.put("step", "matched");
      rule(node, matched.chain(), matched.index(), matched.passedOver(), matched.rule());
    } else if (step instanceof WalkStep.DroppedByMatch dropped) {
      node.put("step", "droppedByMatch");
      rule(node, dropped.chain(), dropped.index(), dropped.passedOver(), dropped.rule());
    } else if (step instanceof WalkStep.Returned returned) {
      node.put("step", "returned").put("chain", returned.chain()).put("into", returned.into());
      node.put("passedOver", returned.passedOver());
    } else if (step instanceof WalkStep.Policed policed) {
      node.put("step", "policy").put("chain", policed.chain());
      node.put("policy", policed.policy().name()).put("passedOver", policed.passedOver());
    } else if (step instanceof WalkStep.Answered answered) {
      node.set("answer", of(answered.path()));
    } else if (step instanceof WalkStep.Other other) {
      event(node, other.event());
    }
  }

  private static void rule(ObjectNode node, String chain, int index, int passed, Rule rule) {
    node.put("chain", chain).put("index", index).put("passedOver", passed);
    node.put("rule", rule.toString());
    if (rule.line() > 0) {
      node.put("line", rule.line());
    }
  }

  private static void event(ObjectNode node, TraceEvent event) {
    if (event instanceof ConntrackEvent.LookedUp lookUp) {
      node.put("conntrack", lookUp.state().name()).put("created", lookUp.created());
      node.put("tuple", lookUp.tuple().toString());
      node.put("before", lookUp.before()).put("after", lookUp.after());
    } else if (event instanceof ConntrackEvent.Invalid invalid) {
      node.put("conntrack", "INVALID").put("reason", invalid.reason());
    } else if (event instanceof ConntrackEvent.Confirmed confirmed) {
      node.put("conntrack", "CONFIRMED");
      node.put("original", confirmed.original().toString());
      node.put("reply", confirmed.reply().toString());
    } else if (event instanceof ConntrackEvent.Dropped dropped) {
      node.put("conntrack", "DROPPED").put("reason", dropped.reason());
    } else if (event instanceof ConntrackEvent.Reassembled reassembled) {
      node.put("conntrack", "REASSEMBLED").put("complete", reassembled.complete());
    } else if (event instanceof ConntrackEvent.NatSetUp setUp) {
      node.put("nat", "setUp").put("type", setUp.type().name());
      node.put("before", setUp.before().toString()).put("after", setUp.after().toString());
      node.put("probes", setUp.probes());
    } else if (event instanceof ConntrackEvent.NatRewrote nat) {
      node.put("nat", "rewrote").put("type", nat.type().name());
      end(node.putObject("before"), nat.addressBefore(), nat.portBefore());
      end(node.putObject("after"), nat.addressAfter(), nat.portAfter());
    } else if (event instanceof ConntrackEvent.NatRewroteQuoted nat) {
      node.put("nat", "rewroteQuoted").put("type", nat.type().name());
      end(node.putObject("before"), nat.addressBefore(), nat.portBefore());
      end(node.putObject("after"), nat.addressAfter(), nat.portAfter());
    } else if (event instanceof IpvsEvent.Forwarded forwarded) {
      node.put("ipvs", "forwarded").put("created", forwarded.created());
      node.put("service", forwarded.service());
      end(node.putObject("server"), forwarded.server(), forwarded.serverPort());
      node.put("method", forwarded.method().name()).put("state", forwarded.state());
    } else if (event instanceof IpvsEvent.Answered answered) {
      node.put("ipvs", "answered").put("state", answered.state());
      end(node.putObject("service"), answered.virtualAddress(), answered.virtualPort());
    } else if (event instanceof IpvsEvent.Refused refused) {
      node.put("ipvs", "refused").put("reason", refused.reason());
    } else if (event instanceof TraceEvent.Routed routed) {
      node.put("route", routed.route().toString()).put("why", routed.why());
    } else {
      node.put("event", event.toString());
    }
  }

  private static void end(ObjectNode node, IpAddress address, int port) {
    node.put("address", address.toString()).put("port", port);
  }
}
