package dev.packetpath.ipvs.syntax;

import com.google.common.base.Splitter;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpPrefix;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.ipvs.Persistence;
import dev.packetpath.ipvs.SchedulerFlag;
import dev.packetpath.ipvs.ServiceKey;
import dev.packetpath.ipvs.ServiceSpec;
import dev.packetpath.ipvs.scheduler.Schedulers;
import dev.packetpath.ipvs.syntax.IpvsadmLine.Argument;

/** Reads the service of a line that adds or edits one. */
final class ServiceOptions {
  private static final Splitter COMMAS = Splitter.on(',').omitEmptyStrings();

  private final IpvsadmLine line;
  private final ServiceSpec.Builder service;
  private String scheduler = ServiceSpec.DEFAULT_SCHEDULER;

  private ServiceOptions(IpvsadmLine line) {
    this.line = line;
    this.service = ServiceSpec.builder(line.key());
  }

  static ServiceSpec read(IpvsadmLine line) {
    return new ServiceOptions(line).read();
  }

  private ServiceSpec read() {
    Argument named = line.argument(IpvsadmOption.SCHEDULER);
    if (named != null) {
      scheduler = named.text();
      if (!Schedulers.isKnown(scheduler)) {
        throw line.error(
            named.column(),
            "unknown scheduler \"" + scheduler + "\"",
            "one of " + String.join(" ", Schedulers.names()));
      }
      service.scheduler(scheduler);
    }
    Argument engine = line.argument(IpvsadmOption.ENGINE);
    if (engine != null) {
      throw line.error(
          engine.column(),
          "persistence engine \"" + engine.text() + "\"",
          "none: they are not modelled");
    }
    readFlags();
    readPersistence();
    Argument onePacket = line.argument(IpvsadmOption.ONE_PACKET);
    if (onePacket != null
        && line.key() instanceof ServiceKey.Virtual virtual
        && virtual.protocol() != IpProtocol.UDP) {
      throw line.error(onePacket.column(), "\"-o\"", "a service of UDP or of a mark for it");
    }
    return service.onePacket(onePacket != null).build();
  }

  private void readFlags() {
    Argument flags = line.argument(IpvsadmOption.FLAGS);
    if (flags != null) {
      for (String name : COMMAS.split(flags.text())) {
        service.flag(flag(name, flags.column()));
      }
    }
  }

  private SchedulerFlag flag(String name, int column) {
    for (SchedulerFlag flag : SchedulerFlag.values()) {
      if (name.equals(flag.nameFor(scheduler)) || name.equals("flag-" + (flag.ordinal() + 1))) {
        return flag;
      }
    }
    throw line.error(column, "flag \"" + name + "\"", "a flag of scheduler " + scheduler);
  }

  /** A netmask without {@code -p} is read and of no effect. */
  private void readPersistence() {
    Argument persistent = line.argument(IpvsadmOption.PERSISTENT);
    Argument mask = line.argument(IpvsadmOption.NETMASK);
    int length =
        mask == null ? line.key().family().bits() : line.at(mask, () -> prefixLength(mask.text()));
    if (persistent == null) {
      if (line.key() instanceof ServiceKey.Virtual virtual && virtual.port() == 0) {
        throw line.error(line.keyColumn(), "port 0", "-p: a service of all ports is persistent");
      }
      return;
    }
    int seconds =
        persistent.text().isEmpty()
            ? Persistence.DEFAULT_TIMEOUT_SECONDS
            : line.number(persistent, Integer.MAX_VALUE);
    line.at(persistent, () -> service.persistence(new Persistence(seconds, length)));
  }

  private int prefixLength(String mask) {
    if (line.key().family() == IpFamily.IPV6) {
      return Integer.parseInt(mask);
    }
    int bits = IpAddress.parse(mask).ipv4Bits();
    int length = Integer.bitCount(bits);
    if (bits != (int) IpPrefix.maskLow(IpFamily.IPV4, length)) {
      throw new IllegalArgumentException("the ones of a netmask are in front");
    }
    return length;
  }
}
