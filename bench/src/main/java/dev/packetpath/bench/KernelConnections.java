package dev.packetpath.bench;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How long this machine's own kernel takes for a new connection through kube-proxy's rules: {@code
 * new_connections.py} loads them into a network namespace and sends it SYNs.
 *
 * @param nanoseconds how long it takes, if it was measured
 * @param skipped why it was not measured, "" if it was
 */
record KernelConnections(double nanoseconds, String skipped) {
  private static final String SCRIPT = "new_connections.py";

  /** With the ones to warm up, 57,344 connections: also a kernel with little memory has room. */
  private static final int ROUNDS = 24;

  private static final int NOT_HERE = 3;
  private static final Pattern RESULT = Pattern.compile("\"nsPerConnection\": ([0-9.]+)");

  /**
   * Measures.
   *
   * @throws IOException if the script fails for another reason than that it cannot run here
   */
  static KernelConnections measure(int services) throws IOException, InterruptedException {
    Path file = Files.createTempFile("rules", ".txt");
    Path errors = Files.createTempFile("errors", ".txt");
    try {
      Files.writeString(file, ServiceNode.text(services));
      Process process =
          new ProcessBuilder(
                  "python3",
                  "-",
                  file.toString(),
                  Integer.toString(services),
                  Integer.toString(ROUNDS))
              .redirectError(errors.toFile())
              .start();
      try (InputStream script = script();
          var in = process.getOutputStream()) {
        script.transferTo(in);
      }
      String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      int status = process.waitFor();
      if (status == NOT_HERE) {
        return new KernelConnections(Double.NaN, Files.readString(errors).strip());
      }
      Matcher result = RESULT.matcher(printed);
      if (status != 0 || !result.find()) {
        throw new IOException(SCRIPT + " failed: " + printed + Files.readString(errors));
      }
      return new KernelConnections(Double.parseDouble(result.group(1)), "");
    } finally {
      Files.delete(file);
      Files.delete(errors);
    }
  }

  /** Returns what was measured in less time, or at all: this, or the same at another moment. */
  KernelConnections orFaster(KernelConnections other) {
    return nanoseconds <= other.nanoseconds || !other.skipped.isEmpty() ? this : other;
  }

  private static InputStream script() throws IOException {
    InputStream script = KernelConnections.class.getResourceAsStream(SCRIPT);
    if (script == null) {
      throw new IOException("no " + SCRIPT + " on the class path");
    }
    return script;
  }
}
