package dev.packetpath.iptables.ipset;

import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import java.util.HashSet;
import java.util.Set;

/** Reads the rest of a {@code create} line. */
final class CreateReader {
  private static final long UINT32_MAX = 0xffff_ffffL;

  private final IpsetLine line;
  private final SetType type;
  private final SetSpec.Builder spec;
  private final Set<String> seen = new HashSet<>();
  private IpFamily family = IpFamily.IPV4;
  private long netmask = -1;
  private boolean hasRange;

  private CreateReader(IpsetLine line) {
    this.line = line;
    String name = readName(line);
    String typeName = line.next("the type of the set");
    if (!SetType.isName(typeName)) {
      throw line.here("a modelled set type, such as hash:ip");
    }
    this.type = SetType.named(typeName);
    this.spec = SetSpec.builder(name, type);
  }

  static SetSpec read(IpsetLine line) {
    return new CreateReader(line).read();
  }

  static String readName(IpsetLine line) {
    String expected = "a set name of 1 to 31 characters";
    String name = line.next(expected);
    if (name.isEmpty()
        || name.length() > SetSpec.MAX_NAME_LENGTH
        || name.chars().anyMatch(c -> c <= ' ')) {
      throw line.here(expected);
    }
    return name;
  }

  private SetSpec read() {
    while (line.hasNext()) {
      readOption(line.next("an option"));
    }
    if (!type.isHash() && type != SetType.LIST_SET && !hasRange) {
      line.next("range, which " + type + " needs");
    }
    if (netmask > family.bits()) {
      throw line.here("a netmask of at most " + family.bits());
    }
    if (netmask != -1) {
      spec.netmask((int) netmask);
    }
    try {
      return spec.build();
    } catch (IllegalStateException e) {
      throw line.here("a range of at most 65536 elements that are whole networks of the netmask");
    }
  }

  private void readOption(String option) {
    switch (option) {
      case "timeout" -> spec.timeoutSeconds(number(option, 0, SetSpec.MAX_TIMEOUT_SECONDS));
      case "counters" -> spec.counters(true);
      case "comment" -> spec.comment(true);
      case "skbinfo" -> spec.skbinfo(true);
      default -> readTypeOption(option);
    }
  }

  private void readTypeOption(String option) {
    boolean known =
        switch (option) {
          case "netmask" -> type.hasNetmask();
          case "size" -> type == SetType.LIST_SET;
          case "range", "network" -> !type.isHash() && type != SetType.LIST_SET;
          default -> type.isHash();
        };
    if (!known) {
      throw line.here("an option of " + type);
    }
    switch (option) {
      case "netmask" -> netmask = number(option, 1, 128);
      case "size" -> spec.listSize(number(option, 0, UINT32_MAX));
      case "range", "network" -> readRange(option);
      case "family" -> readFamily();
      case "-4" -> family(IpFamily.IPV4);
      case "-6" -> family(IpFamily.IPV6);
      case "hashsize" -> spec.hashSize(number(option, 0, 1 << 30));
      case "maxelem" -> spec.maxElements(number(option, 0, UINT32_MAX));
      case "bucketsize" -> spec.bucketSize((int) number(option, 0, 255));
      case "initval" -> spec.initval(number(option, 0, UINT32_MAX));
      case "forceadd" -> spec.forceadd(true);
      case "probes", "resize", "gc" -> line.next("the value of " + option);
      default -> throw line.here("an option of " + type);
    }
  }

  private long number(String option, long min, long max) {
    once(option);
    return line.nextNumber("the value of " + option, min, max);
  }

  private void once(String option) {
    if (!seen.add(option)) {
      throw line.here(option + " only once");
    }
  }

  private void readFamily() {
    switch (line.next("inet or inet6")) {
      case "inet", "ipv4" -> family(IpFamily.IPV4);
      case "inet6", "ipv6" -> family(IpFamily.IPV6);
      default -> throw line.here("inet or inet6");
    }
  }

  private void family(IpFamily newFamily) {
    once("family");
    family = newFamily;
    spec.family(newFamily);
  }

  private void readRange(String option) {
    once("range");
    hasRange = true;
    String expected = type == SetType.BITMAP_PORT ? "PORT-PORT" : "IP/LENGTH or IP-IP";
    String text = line.next(option + " " + expected);
    SetElement element = ElementReader.read(line, type, IpFamily.IPV4, text);
    if (element.parts().get(0) instanceof ElementPart.Ports ports && text.indexOf('-') > 0) {
      spec.portRange(ports.first(), ports.last());
      return;
    }
    boolean plain = text.indexOf('/') < 0 && text.indexOf('-') < 0;
    if (plain
        || element.parts().get(0) instanceof ElementPart.Ports
        || text.endsWith("/32")
        || text.endsWith("/0")) {
      throw line.here(expected);
    }
    IpAddress first = ElementExpansion.first(element.parts().get(0));
    spec.range(first, ElementExpansion.last(element.parts().get(0)));
  }
}
