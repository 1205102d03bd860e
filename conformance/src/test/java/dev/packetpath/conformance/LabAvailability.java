package dev.packetpath.conformance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Whether this machine can run the live comparison.
 *
 * @param missing what it lacks, "" if nothing
 */
record LabAvailability(String missing) {
  /** The kernel's side of the comparison, from the module's folder. */
  static final Path PROGRAM = Path.of("kernel", "netlab.py");

  private static final List<String> TOOLS =
      List.of("python3", "ip", "iptables-legacy-restore", "iptables-nft-restore", "ipset", "nft");

  static LabAvailability check() {
    if (!"root".equals(System.getProperty("user.name"))) {
      return new LabAvailability("it needs root");
    }
    Optional<String> tool = TOOLS.stream().filter(name -> !isInstalled(name)).findFirst();
    if (tool.isPresent()) {
      return new LabAvailability("there is no " + tool.get());
    }
    try (KernelLab lab = KernelLab.start(PROGRAM)) {
      lab.probe();
      return new LabAvailability("");
    } catch (IOException e) {
      return new LabAvailability("the kernel gives no namespaces: " + e.getMessage());
    }
  }

  private static boolean isInstalled(String tool) {
    return Stream.of("/usr/sbin", "/sbin", "/usr/bin", "/bin", "/usr/local/bin")
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, tool)));
  }

  boolean isAvailable() {
    return missing.isEmpty();
  }

  String reason() {
    return "skipped, because " + missing;
  }
}
