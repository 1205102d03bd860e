package dev.packetpath.cli.ipvs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableSet;
import com.google.common.net.InetAddresses;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpPrefix;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.core.packet.IpvsInfo.Method;
import dev.packetpath.ipvs.Persistence;
import dev.packetpath.ipvs.SchedulerFlag;
import dev.packetpath.ipvs.ServerSpec;
import dev.packetpath.ipvs.ServiceKey;
import dev.packetpath.ipvs.ServiceSpec;

/** Services and servers as scenarios write them. */
final class ServiceJson {
  private static final Splitter COMMAS = Splitter.on(',').trimResults().omitEmptyStrings();

  private static final ImmutableSet<String> OF_SERVICE =
      ImmutableSet.of(
          "kind", "vip", "port", "mark", "net", "sched", "schedFlags", "persist", "ops");

  private static final ImmutableSet<String> OF_PERSISTENCE = ImmutableSet.of("timeout", "netmask");

  private ServiceJson() {}

  static ServiceSpec service(Place place, ObjectNode json) {
    place.only(json, OF_SERVICE);
    ServiceKey key = key(place, json);
    ServiceSpec.Builder service = ServiceSpec.builder(key);
    String scheduler = json.path("sched").asText(ServiceSpec.DEFAULT_SCHEDULER);
    place.check(() -> service.scheduler(scheduler), "\"sched\": \"" + scheduler + "\"");
    for (String flag : COMMAS.split(json.path("schedFlags").asText(""))) {
      service.flag(flag(place, scheduler, flag));
    }
    JsonNode persist = json.path("persist");
    if (!persist.isMissingNode() && !persist.isNull()) {
      if (!persist.isNumber()) {
        place.only(place.object(json, "persist"), OF_PERSISTENCE);
      }
      place.check(
          () -> service.persistence(persistence(place, key.family(), persist)),
          "\"persist\": " + persist);
    }
    ServiceSpec spec = service.onePacket(json.path("ops").asBoolean(false)).build();
    if (key instanceof ServiceKey.Virtual virtual
        && virtual.port() == 0
        && spec.persistence().isEmpty()) {
      throw place.error("\"port\": 0", "\"persist\": a service of all ports is persistent");
    }
    return spec;
  }

  private static ServiceKey key(Place place, JsonNode json) {
    String kind = place.text(json, "kind");
    return switch (kind) {
      case "tcp", "udp", "sctp" ->
          virtual(
              place,
              protocol(place, kind),
              place.parse(json, "vip", IpAddress::parse),
              place.parse(json, "port", Integer::parseInt));
      case "fwm" -> {
        IpFamily family =
            json.has("net") ? place.parse(json, "net", IpPrefix::parse).family() : IpFamily.IPV4;
        int mark = place.parse(json, "mark", Integer::parseUnsignedInt);
        yield place.check(() -> new ServiceKey.Marked(family, mark), "\"mark\": " + mark);
      }
      default -> throw place.error("\"kind\": \"" + kind + "\"", "tcp, udp, sctp or fwm");
    };
  }

  private static ServiceKey virtual(Place place, int protocol, IpAddress address, int port) {
    return place.check(() -> new ServiceKey.Virtual(protocol, address, port), "\"port\": " + port);
  }

  static int protocol(Place place, String name) {
    return switch (name) {
      case "tcp" -> IpProtocol.TCP;
      case "udp" -> IpProtocol.UDP;
      case "sctp" -> IpProtocol.SCTP;
      default -> throw place.error("protocol \"" + name + "\"", "tcp, udp or sctp");
    };
  }

  private static SchedulerFlag flag(Place place, String scheduler, String name) {
    for (SchedulerFlag flag : SchedulerFlag.values()) {
      if (flag.nameFor(scheduler).equals(name) || name.equals("flag-" + (flag.ordinal() + 1))) {
        return flag;
      }
    }
    throw place.error("flag \"" + name + "\"", "a flag of scheduler " + scheduler);
  }

  private static Persistence persistence(Place place, IpFamily family, JsonNode json) {
    if (json.isNumber()) {
      return Persistence.perClient(family, json.intValue());
    }
    int timeout = place.parse(json, "timeout", Integer::parseInt);
    JsonNode mask = json.path("netmask");
    int length = family.bits();
    if (mask.isNumber()) {
      length = mask.intValue();
    } else if (mask.isTextual()) {
      length =
          family == IpFamily.IPV4
              ? lengthOf(place, mask.asText())
              : Integer.parseInt(mask.asText());
    }
    return new Persistence(timeout, length);
  }

  private static int lengthOf(Place place, String mask) {
    int bits =
        place.check(
            () -> InetAddresses.coerceToInteger(InetAddresses.forString(mask)),
            "netmask \"" + mask + "\"");
    int length = Integer.bitCount(bits);
    if (bits != (int) IpPrefix.maskLow(IpFamily.IPV4, length)) {
      throw place.error("netmask \"" + mask + "\"", "leading ones");
    }
    return length;
  }

  /** Reads a server; unless it is masqueraded, it has the port of its service as from ipvsadm. */
  static ServerSpec server(Place place, ServiceKey service, JsonNode step) {
    SocketAddress at = place.parse(step, "rs", SocketAddress::parse);
    Method method = method(place, step);
    boolean keepsPort = method != Method.MASQUERADE && service instanceof ServiceKey.Virtual;
    int port = keepsPort ? ((ServiceKey.Virtual) service).port() : at.port();
    ServerSpec.Builder server = ServerSpec.builder(at.address(), port).method(method);
    return place.check(
        () ->
            server
                .weight(place.number(step, "w", 1))
                .thresholds(place.number(step, "u", 0), place.number(step, "l", 0))
                .build(),
        "server " + at);
  }

  private static Method method(Place place, JsonNode step) {
    String name = step.path("fwd").asText("m");
    return switch (name) {
      case "m", "masq" -> Method.MASQUERADE;
      case "g", "route" -> Method.DIRECT_ROUTING;
      case "i", "tunnel" -> Method.TUNNEL;
      default -> throw place.error("\"fwd\": \"" + name + "\"", "m, g or i");
    };
  }
}
