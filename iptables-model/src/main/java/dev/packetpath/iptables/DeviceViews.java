package dev.packetpath.iptables;

import dev.packetpath.core.host.Device;
import java.util.Arrays;

/**
 * What the rules of a table see of the devices: which {@link DevicePatterns} each meets, worked out
 * when it is first asked for. Belongs to one thread; a known device costs one probe.
 */
final class DeviceViews {
  private static final int NEVER = -1;

  private final DevicePatterns patterns;
  private Device[] devices = new Device[16];
  private long[][] met = new long[16][];
  private int[] exact = new int[16];
  private int count;

  DeviceViews(DevicePatterns patterns) {
    this.patterns = patterns;
    Arrays.fill(devices, Device.NONE);
    Arrays.fill(exact, NEVER);
  }

  /** Returns whether a device meets a pattern. */
  boolean meets(Device device, int pattern) {
    int slot = slot(device); // first: a new device may move all to larger arrays
    long[] bits = met[slot];
    return (bits[pattern >> 6] >> pattern & 1) != 0;
  }

  /** Returns the number of the pattern that is exactly a device's name, or a negative number. */
  int exact(Device device) {
    int slot = slot(device);
    return exact[slot];
  }

  private int slot(Device device) {
    int mask = devices.length - 1;
    int slot = device.index() & mask;
    while (met[slot] != null) {
      if (devices[slot].equals(device)) {
        return slot;
      }
      slot = slot + 1 & mask;
    }
    return add(device, slot);
  }

  private int add(Device device, int free) {
    if (++count > devices.length / 2) {
      grow();
      return slot(device);
    }
    devices[free] = device;
    met[free] = patterns.metBy(device.name());
    exact[free] = patterns.numberOf(device.name());
    return free;
  }

  /** Forgets all, with room for twice as many. */
  private void grow() {
    int size = devices.length * 2;
    devices = new Device[size];
    met = new long[size][];
    exact = new int[size];
    count = 0;
  }
}
