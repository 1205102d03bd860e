package dev.packetpath.node.trace;

import com.google.common.collect.ImmutableList;
import dev.packetpath.core.Hook;
import dev.packetpath.core.TraceEvent;
import dev.packetpath.core.Verdict;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.iptables.TableEvent;
import org.jspecify.annotations.Nullable;

/** The path of one packet while its events come in. */
final class PathDraft {
  private final String origin;
  private final boolean received;
  private final Packet start;
  private final ImmutableList.Builder<PacketPath.Stage> stages = ImmutableList.builder();
  private TraceEvent.@Nullable HookEntered hook;
  private ImmutableList.Builder<HookStep> steps = ImmutableList.builder();
  private @Nullable WalkDraft walk;

  PathDraft(String origin, boolean received, Packet start) {
    this.origin = origin;
    this.received = received;
    this.start = start;
  }

  void enter(TraceEvent.HookEntered entered) {
    leaveHook();
    hook = entered;
  }

  void routed(TraceEvent.Routed routed) {
    TraceEvent.HookEntered current = hook;
    if (current != null && current.hook() == Hook.OUTPUT) {
      addOther(routed);
      return;
    }
    leaveHook();
    stages.add(new PacketPath.Stage.Routed(routed));
  }

  void looped(TraceEvent.Received again) {
    leaveHook();
    stages.add(new PacketPath.Stage.Looped(again));
  }

  void inTable(TableEvent event) {
    WalkDraft current = walk;
    if (event instanceof TableEvent.Entered entered) {
      walk = new WalkDraft(entered);
    } else if (current != null && event instanceof TableEvent.Left left) {
      steps.add(current.finish(left));
      walk = null;
    } else if (current != null) {
      current.add(event);
    }
  }

  void addOther(TraceEvent event) {
    WalkDraft current = walk;
    if (current != null) {
      current.addOther(event);
    } else {
      steps.add(new HookStep.Other(event));
    }
  }

  void addAnswer(PacketPath path) {
    WalkDraft current = walk;
    if (current != null) {
      current.addAnswer(path);
    } else {
      steps.add(new HookStep.Answered(path));
    }
  }

  /** Returns the way that a hook function which keeps the packet ends this path. */
  static boolean keeps(TraceEvent.HookStopped stopped) {
    return stopped.verdict() != Verdict.DROP;
  }

  PacketPath finish(PathEnd end) {
    leaveHook();
    return new PacketPath(origin, received, start, stages.build(), end);
  }

  private void leaveHook() {
    TraceEvent.HookEntered left = hook;
    if (left != null) {
      stages.add(new PacketPath.Stage.AtHook(left, steps.build()));
      steps = ImmutableList.builder();
      hook = null;
    }
  }
}
