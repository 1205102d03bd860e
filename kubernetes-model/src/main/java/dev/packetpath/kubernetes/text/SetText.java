package dev.packetpath.kubernetes.text;

import com.google.common.collect.ImmutableList;
import dev.packetpath.core.net.IpFamily;
import java.io.IOException;
import java.io.Writer;
import java.util.LinkedHashSet;
import java.util.Set;

/** An ipset in the making. Not safe for use by several threads. */
public final class SetText {
  private final String name;
  private final String type;
  private final String options;
  private final Set<String> entries = new LinkedHashSet<>();

  private SetText(String name, String type, String options) {
    this.name = name;
    this.type = type;
    this.options = options;
  }

  /** Returns an empty hash of a type such as {@code hash:ip,port}, of at most 65,536 entries. */
  public static SetText hash(String name, String type, IpFamily family) {
    return hash(name, type, family, 65_536);
  }

  /** Returns an empty hash of a type such as {@code hash:ip,port}. */
  public static SetText hash(String name, String type, IpFamily family, int maxEntries) {
    String inet = family == IpFamily.IPV4 ? "inet" : "inet6";
    return new SetText(name, type, "family " + inet + " hashsize 1024 maxelem " + maxEntries);
  }

  /** Returns an empty set of all ports. */
  public static SetText ports(String name) {
    return new SetText(name, "bitmap:port", "range 0-65535");
  }

  /** Returns the name. */
  public String name() {
    return name;
  }

  /** Adds an entry, in the words of {@code ipset add}, unless it is there. */
  public void add(String entry) {
    entries.add(entry);
  }

  /** Returns whether there are no entries. */
  public boolean isEmpty() {
    return entries.isEmpty();
  }

  /** Returns the entries. */
  public ImmutableList<String> entries() {
    return ImmutableList.copyOf(entries);
  }

  /**
   * Writes what {@code ipset restore} makes the set of.
   *
   * @throws IOException if {@code out} fails
   */
  public void writeTo(Writer out) throws IOException {
    out.write("create " + name + " " + type + " " + options + "\n");
    for (String entry : entries) {
      out.write("add " + name + " " + entry + "\n");
    }
  }
}
