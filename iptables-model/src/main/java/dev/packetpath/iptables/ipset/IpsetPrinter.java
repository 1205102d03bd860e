package dev.packetpath.iptables.ipset;

import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import java.io.IOException;
import java.util.Locale;

/**
 * Prints sets and elements in the form of {@code ipset save} 7.17, which {@code ipset restore}
 * reads. {@code forceadd}, which 7.17 takes but does not print, is printed.
 */
public final class IpsetPrinter {
  private IpsetPrinter() {}

  /** Returns the line that creates a set, without its end. */
  public static String createLine(SetSpec spec) {
    StringBuilder out = new StringBuilder(96);
    out.append("create ").append(spec.name()).append(' ').append(spec.type());
    SetType type = spec.type();
    boolean masked = type.hasNetmask() && spec.netmask() < spec.family().bits();
    if (type.isHash()) {
      out.append(spec.family() == IpFamily.IPV4 ? " family inet" : " family inet6");
      out.append(" hashsize ").append(spec.hashSize());
      out.append(" maxelem ").append(spec.maxElements());
    } else if (type == SetType.LIST_SET) {
      out.append(" size ").append(spec.listSize());
    } else {
      out.append(" range ").append(range(spec));
    }
    if (masked && type != SetType.HASH_IP_PORT) {
      out.append(" netmask ").append(spec.netmask());
    }
    if (spec.hasTimeout()) {
      out.append(" timeout ").append(spec.timeoutSeconds());
    }
    out.append(spec.counters() ? " counters" : "");
    out.append(spec.comment() ? " comment" : "");
    out.append(spec.forceadd() ? " forceadd" : "");
    out.append(spec.skbinfo() ? " skbinfo" : "");
    if (type.isHash()) {
      out.append(" bucketsize ").append(spec.bucketSize());
      if (spec.initval() != SetSpec.RANDOM_INITVAL) {
        out.append(" initval ").append(String.format(Locale.ROOT, "0x%08x", spec.initval()));
      }
    }
    if (masked && type == SetType.HASH_IP_PORT) {
      out.append(" netmask ").append(spec.netmask());
    }
    return out.toString();
  }

  private static String range(SetSpec spec) {
    if (spec.type() == SetType.BITMAP_PORT) {
      return spec.rangeFirst() + "-" + spec.rangeLast();
    }
    return IpAddress.ipv4((int) spec.rangeFirst()) + "-" + IpAddress.ipv4((int) spec.rangeLast());
  }

  /** Writes a command and the end of its line. */
  public static void print(IpsetCommand command, Appendable out) throws IOException {
    StringBuilder line = new StringBuilder();
    if (command instanceof IpsetCommand.Create create) {
      line.append(create.spec()).append(create.exist() ? " -exist" : "").append('\n');
    } else if (command instanceof IpsetCommand.Add add) {
      line.append("add ");
      appendEntry(line, add.set(), add.entry());
      line.append(add.exist() ? " -exist" : "").append('\n');
    } else if (command instanceof IpsetCommand.Delete delete) {
      line.append("del ").append(delete.set()).append(' ').append(delete.entry().element());
      appendPlacement(line, delete.entry());
      line.append(delete.exist() ? " -exist" : "").append('\n');
    } else if (command instanceof IpsetCommand.Test test) {
      line.append("test ").append(test.set()).append(' ').append(test.entry().element());
      line.append(test.entry().nomatch() ? " nomatch" : "");
      appendPlacement(line, test.entry());
      line.append('\n');
    } else if (command instanceof IpsetCommand.Flush flush) {
      line.append("flush").append(flush.set().isEmpty() ? "" : " ").append(flush.set());
      line.append('\n');
    } else if (command instanceof IpsetCommand.Destroy destroy) {
      line.append("destroy").append(destroy.set().isEmpty() ? "" : " ").append(destroy.set());
      line.append('\n');
    } else if (command instanceof IpsetCommand.Rename rename) {
      line.append("rename ").append(rename.from()).append(' ').append(rename.to()).append('\n');
    } else if (command instanceof IpsetCommand.Swap swap) {
      line.append("swap ").append(swap.first()).append(' ').append(swap.second()).append('\n');
    }
    out.append(line);
  }

  static void appendAdd(StringBuilder out, String set, SetEntry entry) {
    out.append("add ");
    appendEntry(out, set, entry);
    out.append('\n');
  }

  private static void appendEntry(StringBuilder out, String set, SetEntry entry) {
    out.append(set).append(' ').append(entry.element());
    appendPlacement(out, entry);
    if (entry.timeoutSeconds() != SetEntry.UNSET) {
      out.append(" timeout ").append(entry.timeoutSeconds());
    }
    out.append(entry.nomatch() ? " nomatch" : "");
    out.append(entry.wildcard() ? " wildcard" : "");
    if (entry.packets() != SetEntry.UNSET) {
      out.append(" packets ").append(Long.toUnsignedString(entry.packets()));
    }
    if (entry.bytes() != SetEntry.UNSET) {
      out.append(" bytes ").append(Long.toUnsignedString(entry.bytes()));
    }
    if (!entry.comment().isEmpty()) {
      out.append(" comment \"").append(entry.comment()).append('"');
    }
    entry.skbinfo().appendTo(out);
  }

  private static void appendPlacement(StringBuilder out, SetEntry entry) {
    SetEntry.Placement placement = entry.placement();
    if (placement.side() != SetEntry.Placement.Side.ANYWHERE) {
      out.append(placement.side() == SetEntry.Placement.Side.BEFORE ? " before " : " after ");
      out.append(placement.set());
    }
  }
}
