package dev.packetpath.bench;

import dev.packetpath.conntrack.ConntrackSettings;

/**
 * Measures how much heap a table of established, masqueraded TCP connections takes, with as many
 * buckets as entries: what is in use after garbage collections, in a JVM of its own whose heap is 2
 * GiB.
 */
public final class HeapPerConnection {
  private HeapPerConnection() {}

  /** Measures with as many connections as the argument says and prints two lines. */
  public static void main(String[] arguments) {
    int entries = Integer.parseInt(arguments[0]);
    long before = OwnJvm.usedBytes();
    TrackedFlows flows =
        new TrackedFlows(
            ConntrackSettings.builder().buckets(entries).max(0).accounting(true).build());
    flows.masquerade();
    for (int flow = 0; flow < entries; flow++) {
      flows.establish(flow);
    }
    long bytes = OwnJvm.usedBytes() - before;
    int live = flows.conntrack().size();
    System.out.print(Ratios.line("bytes-per-entry", (double) bytes / live));
    System.out.print(Ratios.line("megabytes-of-" + live + "-entries", bytes / 1e6));
  }
}
