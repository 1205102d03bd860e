package dev.packetpath.cli.calibrate;

import com.google.common.base.Splitter;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * The machine that is measured.
 *
 * @param processor the processor's name
 * @param cpus how many CPUs the process may use
 * @param caches the sizes of the first CPU's caches, as the kernel writes them
 * @param kernel the kernel's name and release
 */
record Machine(String processor, int cpus, String caches, String kernel) {
  private static final Path CPUINFO = Path.of("/proc/cpuinfo");
  private static final Path CACHES = Path.of("/sys/devices/system/cpu/cpu0/cache");

  static Machine here() throws IOException {
    return new Machine(
        processorName(),
        Runtime.getRuntime().availableProcessors(),
        cacheSizes(),
        System.getProperty("os.name") + " " + System.getProperty("os.version"));
  }

  private static String processorName() throws IOException {
    if (!Files.isReadable(CPUINFO)) {
      return "unknown processor";
    }
    return Files.readAllLines(CPUINFO).stream()
        .filter(line -> line.startsWith("model name"))
        .map(line -> line.substring(line.indexOf(':') + 1).strip())
        .findFirst()
        .orElse("unknown processor");
  }

  private static String cacheSizes() throws IOException {
    if (!Files.isDirectory(CACHES)) {
      return "";
    }
    StringBuilder sizes = new StringBuilder();
    try (Stream<Path> caches = Files.list(CACHES)) {
      for (Path cache :
          caches.filter(path -> Files.exists(path.resolve("size"))).sorted().toList()) {
        if (!read(cache, "type").equals("Instruction")) {
          sizes.append(", L").append(read(cache, "level")).append(' ').append(read(cache, "size"));
        }
      }
    }
    return sizes.toString();
  }

  private static String read(Path folder, String file) throws IOException {
    return Files.readString(folder.resolve(file)).strip();
  }

  /** Returns the processor, its caches and how many CPUs there are. */
  String description() {
    return processor + ", CPUs: " + cpus + caches;
  }

  /** Returns whether a program is installed. */
  static boolean hasTool(String name) {
    String path = System.getenv().getOrDefault("PATH", "") + ":/usr/sbin:/sbin";
    return Splitter.on(File.pathSeparatorChar)
        .omitEmptyStrings()
        .splitToStream(path)
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, name)));
  }
}
