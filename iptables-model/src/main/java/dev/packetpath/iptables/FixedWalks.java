package dev.packetpath.iptables;

import dev.packetpath.core.HookState;
import dev.packetpath.core.host.Device;
import dev.packetpath.core.host.PathEffect;
import dev.packetpath.core.host.PathRecording;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.iptables.match.ConnectionStates;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The walks of a table that are the same for all packets of one kind: most of what established
 * packets meet, and in kube-proxy's tables all but the look-up of the Service. A kind's walk is
 * read from the rules when the first packet of it comes; the newest kind takes the place of
 * another. Belongs to one thread.
 */
final class FixedWalks {
  private static final int PLACE_BITS = 8;
  private static final int PLACES = 1 << PLACE_BITS;
  private static final int GOLDEN_GAMMA = 0x9e37_79b9;

  /** So many are read, lest hosts whose marks never come again read more than they walk. */
  private static final int MOST_READ = 1 << 14;

  private final FixedWalk[] walks = new FixedWalk[PLACES];
  private final FixedWalkReader reader;
  private final TableCounters counters;
  private final boolean asksDevices;

  /** For each base chain how all of its walks begin. */
  private final FixedWalk[] beginnings;

  /** For each base chain whether all of its walks are open from there on. */
  private final boolean[] alwaysOpen;

  private final FixedWalk open = new FixedWalk(-1, 0, 0, Device.NONE, Device.NONE);
  private final WalkTally tally;
  private final PathRecording recording;

  /** The walks that packets took since {@link #tell}. */
  private final List<FixedWalk> taken = new ArrayList<>();

  private int read;

  /**
   * Creates walks of a table.
   *
   * @param counters what the walks tell of rules
   * @param tally what they tell of work
   * @param asksDevices whether any rule of the table asks for a device
   */
  FixedWalks(
      FixedWalkReader reader,
      TableCounters counters,
      WalkTally tally,
      PathRecording recording,
      boolean asksDevices) {
    this.reader = reader;
    this.counters = counters;
    this.tally = tally;
    this.recording = recording;
    this.asksDevices = asksDevices;
    this.beginnings = reader.beginnings();
    this.alwaysOpen = new boolean[beginnings.length];
    for (int base = 0; base < alwaysOpen.length; base++) {
      alwaysOpen[base] = reader.isAlwaysOpen(beginnings[base]);
    }
    open.isOpen = true;
    Arrays.fill(walks, open);
  }

  /**
   * Returns the walk of a packet from a base chain, one that {@link FixedWalk#isOpen} if none is.
   */
  FixedWalk of(int base, Packet packet, HookState state) {
    if (alwaysOpen[base]) {
      return open;
    }
    int states = ConnectionStates.of(packet);
    int mark = packet.mark();
    Device in = asksDevices ? state.in() : Device.NONE;
    Device out = asksDevices ? state.out() : Device.NONE;
    int devices = out.index() * 31 + in.index();
    int kind = ((base * 31 + states) * 31 + mark) * 961 + devices;
    int place = (kind * GOLDEN_GAMMA) >>> (Integer.SIZE - PLACE_BITS);
    FixedWalk walk = walks[place];
    if (walk.isOf(base, states, mark, in, out)) {
      return walk;
    }
    if (read == MOST_READ) {
      return open;
    }
    read++;
    walk.tell(counters, tally);
    walks[place] = new FixedWalk(base, states, mark, in, out);
    reader.read(walks[place], packet, state);
    return walks[place];
  }

  /** Returns how all walks from a base chain begin. */
  FixedWalk beginning(int base) {
    return beginnings[base];
  }

  /** Counts a packet that takes a walk. */
  void take(FixedWalk walk, int length) {
    take(walk, 1, length);
  }

  private void take(FixedWalk walk, long packets, long bytes) {
    if (walk.take(packets, bytes)) {
      taken.add(walk);
    }
  }

  /** Returns the effect of a walk on who counts here. */
  PathEffect effectOf(FixedWalk walk) {
    return new WalkEffect(this, walk);
  }

  private record WalkEffect(FixedWalks walks, FixedWalk walk) implements PathEffect {
    @Override
    public void add(long packets, long bytes) {
      walks.take(walk, packets, bytes);
    }
  }

  /** Brings the counters of the rules and the tally up to date. */
  void tell() {
    recording.tell();
    for (int i = 0; i < taken.size(); i++) {
      taken.get(i).tell(counters, tally);
    }
    taken.clear();
  }
}
