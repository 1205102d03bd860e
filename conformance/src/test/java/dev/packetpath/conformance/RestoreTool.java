package dev.packetpath.conformance;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.packetpath.core.net.IpFamily;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The real iptables-restore and iptables-save, each time in a network namespace of its own that
 * goes with them.
 */
final class RestoreTool {
  private static final String SCRIPT =
      """
      set -e
      if [ -s sets ]; then ipset restore -file sets; fi
      %1$s-legacy-restore -c < rules
      %1$s-legacy-save -c > saved
      """;

  private final Path folder;

  /**
   * Creates the tools.
   *
   * @param folder where files are exchanged
   */
  RestoreTool(Path folder) {
    this.folder = folder;
  }

  /** Returns why this machine cannot run them, "" if it can. */
  static String unavailable() throws IOException {
    if (!"root".equals(System.getProperty("user.name"))) {
      return "skipped, because it needs root";
    }
    for (String tool : List.of("iptables-legacy-restore", "iptables-legacy-save", "ipset")) {
      if (List.of("/usr/sbin", "/sbin").stream()
          .noneMatch(bin -> Files.isExecutable(Path.of(bin, tool)))) {
        return "skipped, because there is no " + tool;
      }
    }
    Process trial =
        new ProcessBuilder("unshare", "-n", "sh", "-c", "iptables-legacy -w -S")
            .redirectErrorStream(true)
            .start();
    String said = new String(trial.getInputStream().readAllBytes(), UTF_8);
    return succeeded(trial) ? "" : "skipped, because the kernel gives no legacy tables: " + said;
  }

  /**
   * Lets iptables-restore read rules and returns what iptables-save prints then.
   *
   * @throws IOException with what the tool said, if it refuses them
   */
  String saved(IpFamily family, String sets, String rules) throws IOException {
    Files.writeString(folder.resolve("sets"), sets);
    Files.writeString(folder.resolve("rules"), rules);
    String command = family == IpFamily.IPV4 ? "iptables" : "ip6tables";
    ProcessBuilder tools =
        new ProcessBuilder("unshare", "-n", "sh", "-c", SCRIPT.formatted(command))
            .directory(folder.toFile())
            .redirectErrorStream(true);
    tools.environment().put("XTABLES_LOCKFILE", folder.resolve("lock").toString());
    Process process = tools.start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    if (!succeeded(process)) {
      throw new IOException(said);
    }
    return Files.readString(folder.resolve("saved"));
  }

  private static boolean succeeded(Process process) {
    try {
      if (!process.waitFor(120, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        return false;
      }
      return process.exitValue() == 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
