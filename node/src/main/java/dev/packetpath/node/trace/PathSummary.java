package dev.packetpath.node.trace;

import dev.packetpath.core.Verdict;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.node.explore.Outcome;
import java.util.List;
import java.util.Optional;

/** Says in a few words what became of packets. */
public final class PathSummary {
  private PathSummary() {}

  /** Returns what became of a packet, such as {@code dropped in filter INPUT by INPUT 3}. */
  public static String of(PacketPath path) {
    PathEnd end = path.end();
    if (end instanceof PathEnd.Emitted emitted) {
      return "leaves by " + AssumedNetwork.nameOf(emitted.device()) + ": " + emitted.packet();
    }
    if (end instanceof PathEnd.Delivered delivered) {
      return "delivered to a local socket: " + delivered.packet();
    }
    if (end instanceof PathEnd.Kept kept) {
      return kept.verdict() == Verdict.QUEUE
          ? "queued to user space"
          : "kept by " + kept.function();
    }
    PathEnd.Dropped dropped = (PathEnd.Dropped) end;
    return path.walks().stream()
        .filter(walk -> walk.verdict() == Verdict.DROP)
        .reduce((first, last) -> last)
        .map(PathSummary::dropped)
        .orElse(
            dropped.reason().startsWith("dropped")
                ? dropped.reason()
                : "dropped: " + dropped.reason());
  }

  private static String dropped(HookStep.TableWalk walk) {
    String place = walk.table() + " " + walk.chain();
    List<WalkStep> steps = walk.steps();
    for (int i = steps.size() - 1; i >= 0; i--) {
      WalkStep step = steps.get(i);
      if (step instanceof WalkStep.Answered) {
        return "rejected in " + place + by(steps, i - 1);
      }
      if (step instanceof WalkStep.Matched || step instanceof WalkStep.DroppedByMatch) {
        return "dropped in " + place + by(steps, i);
      }
      if (step instanceof WalkStep.Policed) {
        return "dropped by the policy of " + place;
      }
    }
    return "dropped in " + place;
  }

  private static String by(List<WalkStep> steps, int last) {
    for (int i = last; i >= 0; i--) {
      if (steps.get(i) instanceof WalkStep.Matched rule) {
        return " by " + rule.chain() + " " + rule.index();
      }
      if (steps.get(i) instanceof WalkStep.DroppedByMatch rule) {
        return " by " + rule.chain() + " " + rule.index();
      }
    }
    return "";
  }

  /** Returns the same, with the packet as it came out only where it is not as it came in. */
  public static String briefly(PacketPath path) {
    PathEnd end = path.end();
    if (end instanceof PathEnd.Emitted emitted) {
      return "leaves by "
          + AssumedNetwork.nameOf(emitted.device())
          + changed(path, emitted.packet());
    }
    return end instanceof PathEnd.Delivered delivered
        ? "delivered to a local socket" + changed(path, delivered.packet())
        : of(path);
  }

  private static String changed(PacketPath path, Packet packet) {
    String text = packet.toString();
    return text.equals(path.start().toString()) ? "" : " as " + text;
  }

  /** Returns what becomes of the first packet that fares otherwise than in other outcomes. */
  static String difference(List<Outcome<TraceRun>> usual, List<Outcome<TraceRun>> otherwise) {
    for (int i = 0; i < Math.min(usual.size(), otherwise.size()); i++) {
      Optional<String> difference = difference(usual.get(i).result(), otherwise.get(i).result());
      if (difference.isPresent()) {
        return difference.get();
      }
    }
    return "other rules match";
  }

  private static Optional<String> difference(TraceRun usual, TraceRun otherwise) {
    for (int i = 0; i < otherwise.packets().size(); i++) {
      String result = briefly(otherwise.packets().get(i).path());
      if (i >= usual.packets().size() || !result.equals(briefly(usual.packets().get(i).path()))) {
        return Optional.of(
            (otherwise.packets().size() > 1 ? "packet " + (i + 1) + " " : "") + result);
      }
    }
    return Optional.empty();
  }
}
