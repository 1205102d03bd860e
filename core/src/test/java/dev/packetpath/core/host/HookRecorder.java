package dev.packetpath.core.host;

import dev.packetpath.core.Hook;
import dev.packetpath.core.Verdict;
import dev.packetpath.core.net.IpFamily;
import java.util.List;

/** Notes by which hooks packets come, and with which devices. */
final class HookRecorder {
  private HookRecorder() {}

  static void attach(Host host, IpFamily family, List<String> way) {
    for (Hook hook : Hook.values()) {
      host.hooks()
          .register(
              family,
              hook,
              -10,
              "recorder",
              (packet, state) -> {
                way.add(hook + " " + name(state.in()) + " " + name(state.out()));
                return Verdict.ACCEPT;
              });
    }
  }

  private static String name(Device device) {
    return device.exists() ? device.name() : "-";
  }
}
