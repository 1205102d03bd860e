package dev.packetpath.node.trace;

import com.google.common.collect.ImmutableList;
import dev.packetpath.core.TraceEvent;
import dev.packetpath.core.Verdict;
import dev.packetpath.iptables.TableEvent;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * Puts the events of a packet, and of the packets that it caused, together to paths. A packet that
 * is sent while another is on its way belongs to that one's path.
 */
public final class PathReader {
  private final Deque<PathDraft> open = new ArrayDeque<>();
  private final Deque<String> sendingOn = new ArrayDeque<>();
  private final ImmutableList.Builder<PacketPath> done = ImmutableList.builder();

  private PathReader() {}

  /** Returns the path of the packet, and those of packets sent after its own end. */
  public static ImmutableList<PacketPath> read(List<TraceEvent> events) {
    PathReader reader = new PathReader();
    events.forEach(reader::add);
    while (!reader.open.isEmpty()) {
      reader.close(new PathEnd.Kept("", Verdict.STOLEN));
    }
    return reader.done.build();
  }

  private void add(TraceEvent event) {
    if (event instanceof TraceEvent.Received received) {
      PathDraft current = open.peek();
      if (current != null) {
        current.looped(received);
      } else {
        open.push(new PathDraft(received.in().name(), true, received.packet()));
      }
      return;
    }
    if (event instanceof TraceEvent.Sent sent) {
      open.push(new PathDraft(sent.by(), false, sent.packet()));
      return;
    }
    if (event instanceof TraceEvent.SentOn sentOn) {
      sendingOn.push(sentOn.by());
      return;
    }
    if (event instanceof TraceEvent.HookStopped stopped
        && stopped.verdict() == Verdict.STOLEN
        && stopped.function().equals(sendingOn.peek())) {
      // The packet went on and its path has ended by now.
      sendingOn.pop();
      return;
    }
    PathDraft current = open.peek();
    if (current == null) {
      return;
    }
    if (event instanceof TraceEvent.HookEntered entered) {
      current.enter(entered);
    } else if (event instanceof TraceEvent.Routed routed) {
      current.routed(routed);
    } else if (event instanceof TraceEvent.HookStopped stopped) {
      if (PathDraft.keeps(stopped)) {
        close(new PathEnd.Kept(stopped.function(), stopped.verdict()));
      }
    } else if (event instanceof TraceEvent.Emitted emitted) {
      close(new PathEnd.Emitted(emitted.out().name(), emitted.packet()));
    } else if (event instanceof TraceEvent.Delivered delivered) {
      close(new PathEnd.Delivered(delivered.packet()));
    } else if (event instanceof TraceEvent.Dropped dropped) {
      close(new PathEnd.Dropped(dropped.reason(), dropped.errno()));
    } else if (event instanceof TableEvent inTable) {
      current.inTable(inTable);
    } else {
      current.addOther(event);
    }
  }

  private void close(PathEnd end) {
    PacketPath path = open.pop().finish(end);
    PathDraft outer = open.peek();
    if (outer != null) {
      outer.addAnswer(path);
    } else {
      done.add(path);
    }
  }
}
