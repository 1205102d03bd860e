package dev.packetpath.core.host;

import java.util.HashMap;
import java.util.Map;

/**
 * The settings of one device, read once: IPv4's from the {@code sysctl} names of all devices and
 * its own, IPv6's from its own.
 *
 * @param forwards whether packets that come in by it are forwarded
 * @param acceptsLocal whether packets from this host's own addresses may come in by it
 * @param sendsRedirects whether packets that leave where they came in may be answered by a redirect
 * @param countsMark whether the way back is looked up with the packet's mark
 * @param routesLocalnet whether loopback addresses are allowed on it
 * @param dropsUnicastToMany whether IPv4 packets to one host are dropped whose frame went to
 *     several
 * @param dropsUnicastToManyIpv6 the same for IPv6
 * @param reversePathFilter 0 for none, 1 for strict, 2 for loose
 */
record InterfaceSettings(
    boolean forwards,
    boolean acceptsLocal,
    boolean sendsRedirects,
    boolean countsMark,
    boolean routesLocalnet,
    boolean dropsUnicastToMany,
    boolean dropsUnicastToManyIpv6,
    long reversePathFilter) {
  private static InterfaceSettings read(Sysctls sysctls, String device) {
    String own = "net.ipv4.conf." + device + ".";
    return new InterfaceSettings(
        sysctls.flag("net.ipv4.ip_forward", true) && sysctls.flag(own + "forwarding", true),
        either(sysctls, own, "accept_local", false),
        either(sysctls, own, "send_redirects", true),
        either(sysctls, own, "src_valid_mark", false),
        either(sysctls, own, "route_localnet", false),
        either(sysctls, own, "drop_unicast_in_l2_multicast", false),
        sysctls.flag("net.ipv6.conf." + device + ".drop_unicast_in_l2_multicast", false),
        Math.max(
            sysctls.number("net.ipv4.conf.all.rp_filter", 0),
            sysctls.number(own + "rp_filter", 0)));
  }

  private static boolean either(Sysctls sysctls, String own, String setting, boolean absent) {
    return sysctls.flag("net.ipv4.conf.all." + setting, absent)
        || sysctls.flag(own + setting, absent);
  }

  /** The settings of the devices asked for so far. Belongs to the host's thread. */
  static final class OfDevices {
    private final Sysctls sysctls;
    private final Map<String, InterfaceSettings> byName = new HashMap<>();
    private Device last = Device.NONE;
    private InterfaceSettings ofLast;

    OfDevices(Sysctls sysctls) {
      this.sysctls = sysctls;
      this.ofLast = read(sysctls, last.name());
    }

    /** Returns the settings of a device; does not allocate but the first time. */
    @SuppressWarnings("ReferenceEquality") // an equal device has the same settings
    InterfaceSettings of(Device device) {
      if (device != last) {
        ofLast = byName.computeIfAbsent(device.name(), name -> read(sysctls, name));
        last = device;
      }
      return ofLast;
    }
  }
}
