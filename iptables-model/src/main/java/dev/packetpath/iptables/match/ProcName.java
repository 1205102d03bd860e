package dev.packetpath.iptables.match;

import dev.packetpath.iptables.Refusal;
import java.util.Optional;

/** Names under which the kernel shows state in /proc (xt_check_proc_name, Linux 6.1). */
final class ProcName {
  private ProcName() {}

  /** Returns why the kernel refuses a name, if it does. */
  static Optional<Refusal> refusal(String name) {
    boolean refused =
        name.isEmpty() || name.equals(".") || name.equals("..") || name.indexOf('/') >= 0;
    return refused
        ? Optional.of(
            new Refusal("name \"" + name + "\"", "a name that can be a file's, without /"))
        : Optional.empty();
  }
}
