package dev.packetpath.node.trace;

import com.google.common.collect.ImmutableList;
import dev.packetpath.conntrack.ConnectionState;
import dev.packetpath.conntrack.ConntrackEvent;
import dev.packetpath.conntrack.Tuple;
import dev.packetpath.core.TraceEvent;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.node.PacketRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Finds the flows among the packets of a run, and what their packets cost. */
final class FlowBook {
  private final List<Flow> flows = new ArrayList<>();

  /** A flow while it is learned. */
  static final class Flow {
    private final Tuple tuple;
    private final TracedPacket first;
    private final boolean fresh;
    private boolean confirmed;
    private Optional<PacketCost> established = Optional.empty();
    private boolean probed;

    private Flow(Tuple tuple, TracedPacket first, boolean fresh) {
      this.tuple = tuple;
      this.first = first;
      this.fresh = fresh;
    }

    /** Returns the packet as it came out at the other end, if it did. */
    Optional<Packet> cameOut() {
      PathEnd end = first.path().end();
      if (end instanceof PathEnd.Emitted emitted) {
        return Optional.of(emitted.packet());
      }
      return end instanceof PathEnd.Delivered delivered
          ? Optional.of(delivered.packet())
          : Optional.empty();
    }

    TracedPacket first() {
      return first;
    }

    /** Returns whether a later packet has to be sent to learn what it costs. */
    boolean needsProbe() {
      return fresh && confirmed && established.isEmpty() && cameOut().isPresent();
    }

    void probed(PacketCost cost) {
      established = Optional.of(cost);
      probed = true;
    }

    private FlowCost cost() {
      return new FlowCost(
          first.packet().toString(),
          fresh ? Optional.of(PacketCost.of(first)) : Optional.empty(),
          confirmed,
          established,
          probed);
    }
  }

  /** Enters a packet. */
  void add(TracedPacket packet) {
    List<TraceEvent> events = packet.result().events();
    Optional<ConntrackEvent.LookedUp> lookUp =
        events.stream()
            .filter(ConntrackEvent.LookedUp.class::isInstance)
            .map(ConntrackEvent.LookedUp.class::cast)
            .findFirst();
    if (lookUp.isEmpty()) {
      if (events.stream().noneMatch(ConntrackEvent.Invalid.class::isInstance)) {
        addUntracked(packet);
      }
      return;
    }
    Tuple tuple = lookUp.get().tuple();
    Optional<Flow> known = flows.stream().filter(flow -> flow.tuple.equals(tuple)).findFirst();
    if (lookUp.get().created() && known.isEmpty()) {
      Flow flow = new Flow(tuple, packet, true);
      flow.confirmed = events.stream().anyMatch(ConntrackEvent.Confirmed.class::isInstance);
      flows.add(flow);
    } else if (lookUp.get().state() == ConnectionState.ESTABLISHED) {
      Flow flow = known.orElseGet(() -> addFlow(new Flow(tuple, packet, false)));
      if (flow.established.isEmpty()) {
        flow.established = Optional.of(PacketCost.of(packet));
      }
    }
  }

  private Flow addFlow(Flow flow) {
    flows.add(flow);
    return flow;
  }

  /** Without connections a flow is what was asked for in full, and all its packets cost alike. */
  private void addUntracked(TracedPacket packet) {
    if (packet.request() instanceof PacketRequest.Given) {
      Flow flow = new Flow(Tuple.NONE, packet, true);
      flow.confirmed = flow.cameOut().isPresent();
      flows.add(flow);
    } else if (packet.request() instanceof PacketRequest.Again && !flows.isEmpty()) {
      Flow last = flows.get(flows.size() - 1);
      if (last.established.isEmpty()) {
        last.established = Optional.of(PacketCost.of(packet));
      }
    }
  }

  ImmutableList<Flow> flows() {
    return ImmutableList.copyOf(flows);
  }

  ImmutableList<FlowCost> costs() {
    return flows.stream().map(Flow::cost).collect(ImmutableList.toImmutableList());
  }
}
