package dev.packetpath.core.host;

import dev.packetpath.core.packet.Packet;
import java.util.List;

/** The packets of a host that go past its hooks, and those of which is learnt how. */
final class KnownPaths {
  private final PathRecording recording;
  private final Departure departure;
  private FastPath fastPath = FastPath.NONE;

  KnownPaths(PathRecording recording, Departure departure) {
    this.recording = recording;
    this.departure = departure;
  }

  void use(FastPath fastPath) {
    this.fastPath = fastPath;
  }

  /**
   * Lets who knows the paths read what it will need of packets that came together; returns whether
   * the hooks will probably see none of them.
   */
  boolean lookAhead(List<Packet> burst, int from, int end) {
    return fastPath.lookAhead(burst, from, end);
  }

  /** Sends a packet on whose path over the hooks is known; returns false if none is. */
  @SuppressWarnings("ReferenceEquality") // NONE is a sentinel
  boolean passes(Packet packet, Device in) {
    RecordedPath path = fastPath.take(packet, in);
    if (path == RecordedPath.NONE) {
      return false;
    }
    packet.ttl(packet.ttl() - 1);
    packet.attach(Route.OF_PACKET, path.route());
    recording.count(path, packet.length());
    departure.emit(packet, path.route().device());
    return true;
  }

  /** A packet that came in by a device has gone over all hooks and leaves. */
  void leaves(Packet packet, Device in, Route route) {
    if (recording.isBegun() && in.exists()) {
      if (route.device().loopback()) {
        recording.differs();
      }
      fastPath.recorded(packet, recording.end(route));
    }
  }

  /** Nothing more is learnt from a packet; one that stayed for its own faults is no example. */
  void end() {
    boolean differs = recording.isBegun() && !recording.isOn();
    recording.stop();
    if (differs) {
      fastPath.notRecorded();
    }
  }
}
