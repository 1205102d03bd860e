package dev.packetpath.compare.lab;

import org.junit.jupiter.api.Test;

final class PortReuseTest {
  @Test
  void scratch() {
    for (int mode = 1; mode < 2; mode++) {
      long t = System.nanoTime();
      PortReuseResult r =
          PortReuse.run(
              new ClosedLoad(300, 120_000_000_000L, 14_116, 13_051_000L),
              mode,
              dev.packetpath.ipvs.ReuseRule.TRACKED);
      System.out.println(
          mode
              + " "
              + r.requests()
              + " "
              + r.requestsPerSecond()
              + " dropped "
              + r.droppedSyns()
              + r.connect()
              + " took "
              + (System.nanoTime() - t) / 1e9);
    }
  }
}
