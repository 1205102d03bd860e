package dev.packetpath.node.trace;

import dev.packetpath.conntrack.ConntrackEvent;
import dev.packetpath.core.TraceEvent;

/**
 * What has to be equal for two runs to count as one outcome: matched rules, policies, translations,
 * and what became of each packet.
 */
final class RunSignature {
  private final StringBuilder text = new StringBuilder();
  private final boolean devices;

  private RunSignature(boolean devices) {
    this.devices = devices;
  }

  /** Returns the signature of a run with the devices by which packets leave. */
  static String of(TraceRun run) {
    return of(run, true);
  }

  /** Returns the signature of a run without the devices by which packets leave. */
  static String withoutDevices(TraceRun run) {
    return of(run, false);
  }

  private static String of(TraceRun run, boolean devices) {
    RunSignature signature = new RunSignature(devices);
    for (TracedPacket packet : run.packets()) {
      packet.paths().forEach(signature::add);
    }
    return signature.text.toString();
  }

  private void add(PacketPath path) {
    text.append("packet ").append(path.start()).append('\n');
    for (PacketPath.Stage stage : path.stages()) {
      if (stage instanceof PacketPath.Stage.AtHook hook) {
        text.append(hook.entered().hook()).append('\n');
        hook.steps().forEach(this::add);
      }
    }
    PathEnd end = path.end();
    if (end instanceof PathEnd.Emitted emitted) {
      text.append("emitted ").append(devices ? emitted.device() : "");
      add(emitted.packet().toString());
    } else if (end instanceof PathEnd.Delivered delivered) {
      text.append("delivered");
      add(delivered.packet().toString());
    } else {
      text.append(end).append('\n');
    }
  }

  private void add(String line) {
    text.append(' ').append(line).append('\n');
  }

  private void add(HookStep step) {
    if (step instanceof HookStep.TableWalk walk) {
      text.append(walk.table()).append(' ').append(walk.verdict()).append('\n');
      walk.steps().forEach(this::add);
    } else if (step instanceof HookStep.Answered answered) {
      add(answered.path());
    } else if (step instanceof HookStep.Other other) {
      add(other.event());
    }
  }

  private void add(WalkStep step) {
    if (step instanceof WalkStep.Matched matched) {
      add(matched.chain() + " " + matched.index());
    } else if (step instanceof WalkStep.DroppedByMatch dropped) {
      add(dropped.chain() + " " + dropped.index() + " drops");
    } else if (step instanceof WalkStep.Policed policed) {
      add(policed.chain() + " " + policed.policy());
    } else if (step instanceof WalkStep.Answered answered) {
      add(answered.path());
    } else if (step instanceof WalkStep.Other other) {
      add(other.event());
    }
  }

  private void add(TraceEvent event) {
    if (event instanceof ConntrackEvent.NatSetUp setUp) {
      add(setUp.type() + " " + setUp.after());
    } else if (event instanceof ConntrackEvent.NatRewrote rewrote) {
      add(rewrote.toString());
    } else if (event instanceof ConntrackEvent.Dropped dropped) {
      add(dropped.reason());
    }
  }
}
