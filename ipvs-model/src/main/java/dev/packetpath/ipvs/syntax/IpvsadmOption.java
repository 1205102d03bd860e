package dev.packetpath.ipvs.syntax;

import com.google.common.collect.ImmutableMap;
import org.jspecify.annotations.Nullable;

/** The options of a line by which ipvsadm restores services, but for its commands. */
enum IpvsadmOption {
  TCP("-t", "--tcp-service", Value.NEEDED),
  UDP("-u", "--udp-service", Value.NEEDED),
  SCTP("", "--sctp-service", Value.NEEDED),
  MARK("-f", "--fwmark-service", Value.NEEDED),
  IPV6("-6", "--ipv6", Value.NONE),
  SCHEDULER("-s", "--scheduler", Value.NEEDED),
  PERSISTENT("-p", "--persistent", Value.OPTIONAL),
  NETMASK("-M", "--netmask", Value.NEEDED),
  ONE_PACKET("-o", "--ops", Value.NONE),
  FLAGS("-b", "--sched-flags", Value.NEEDED),
  ENGINE("", "--pe", Value.NEEDED),
  SERVER("-r", "--real-server", Value.NEEDED),
  MASQUERADE("-m", "--masquerading", Value.NONE),
  GATEWAY("-g", "--gatewaying", Value.NONE),
  TUNNEL("-i", "--ipip", Value.NONE),
  WEIGHT("-w", "--weight", Value.NEEDED),
  UPPER("-x", "--u-threshold", Value.NEEDED),
  LOWER("-y", "--l-threshold", Value.NEEDED),
  TUNNEL_TYPE("", "--tun-type", Value.NEEDED),
  TUNNEL_PORT("", "--tun-port", Value.NEEDED),
  TUNNEL_NO_CHECKSUM("", "--tun-nocsum", Value.NONE),
  TUNNEL_CHECKSUM("", "--tun-csum", Value.NONE),
  TUNNEL_REMOTE_CHECKSUM("", "--tun-remcsum", Value.NONE);

  /** Whether a value follows. */
  enum Value {
    NONE,
    OPTIONAL,
    NEEDED
  }

  private static final ImmutableMap<String, IpvsadmOption> BY_NAME;

  static {
    ImmutableMap.Builder<String, IpvsadmOption> names = ImmutableMap.builder();
    for (IpvsadmOption option : values()) {
      names.put(option.longName, option);
      if (!option.letter.isEmpty()) {
        names.put(option.letter, option);
      }
    }
    BY_NAME = names.buildOrThrow();
  }

  private final String letter;
  private final String longName;
  private final Value value;

  IpvsadmOption(String letter, String longName, Value value) {
    this.letter = letter;
    this.longName = longName;
    this.value = value;
  }

  static @Nullable IpvsadmOption named(String name) {
    return BY_NAME.get(name);
  }

  Value value() {
    return value;
  }

  /** Returns whether the option names a service. */
  boolean isKey() {
    return this == TCP || this == UDP || this == SCTP || this == MARK;
  }

  /** Returns whether the option says how packets get to a server. */
  boolean isMethod() {
    return this == MASQUERADE || this == GATEWAY || this == TUNNEL;
  }

  /** Returns the name without dashes, as ipvsadm's complaints have it. */
  String text() {
    return longName.substring(2);
  }
}
