package dev.packetpath.bench;

import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Runs what measures the heap in a JVM of its own, for its heap must hold nothing else. */
final class OwnJvm {
  private static final int COLLECTIONS = 2;

  private OwnJvm() {}

  /**
   * Runs a main class and returns what it printed.
   *
   * @throws IOException if that JVM cannot be started or fails
   */
  static String run(Class<?> main, List<String> options, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(System.getProperty("java.home") + File.separator + "bin" + File.separator + "java");
    command.add("-XX:+UseSerialGC");
    // Otherwise a collection leaves some of the garbage where it is.
    command.add("-XX:MarkSweepAlwaysCompactCount=1");
    command.add("-Xmx2g");
    command.addAll(options);
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(main.getName());
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException(command + " failed: " + printed);
    }
    return printed;
  }

  /** Returns how many bytes of the heap are in use after garbage collections. */
  static long usedBytes() {
    for (int i = 0; i < COLLECTIONS; i++) {
      System.gc();
    }
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }
}
