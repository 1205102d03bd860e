package dev.packetpath.cli.calibrate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.io.Resources;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The process that measures: a program for python3 that reads a plan and says what it found, a JSON
 * object a line. Its namespaces go with it. It ends with this one: at the latest when it next says
 * something and nobody listens.
 */
final class KernelMeasurement {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final ImmutableMap.Builder<String, Samples> packets = ImmutableMap.builder();
  private final ImmutableMap.Builder<String, ImmutableList<Samples>> connections =
      ImmutableMap.builder();
  private final ImmutableMap.Builder<String, Samples> restores = ImmutableMap.builder();
  private final MeasurementProgress progress;
  private boolean done;

  private KernelMeasurement(MeasurementProgress progress) {
    this.progress = progress;
  }

  /**
   * Measures.
   *
   * @throws IOException if it cannot be measured here; the message says what is missing
   */
  static Measurements run(MeasurementPlan plan, MeasurementProgress progress) throws IOException {
    return new KernelMeasurement(progress).measured(plan);
  }

  private Measurements measured(MeasurementPlan plan) throws IOException {
    Process process = start();
    Thread end = new Thread(process::destroy, "end of the measurement");
    Runtime.getRuntime().addShutdownHook(end);
    try {
      try (OutputStream to = process.getOutputStream()) {
        JSON.writeValue(to, plan.json());
      }
      try (BufferedReader said =
          new BufferedReader(
              new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
        String line;
        while ((line = said.readLine()) != null) {
          take(JSON.readTree(line));
        }
      }
    } finally {
      process.destroy();
      forget(end);
    }
    if (!done) {
      throw new IOException("the measurement ended before it was done");
    }
    return new Measurements(
        packets.buildOrThrow(), connections.buildOrThrow(), restores.buildOrThrow());
  }

  private static Process start() throws IOException {
    URL program = Resources.getResource(KernelMeasurement.class, "measure.py");
    String text = Resources.toString(program, StandardCharsets.UTF_8);
    try {
      return new ProcessBuilder("python3", "-I", "-B", "-c", text)
          .redirectError(ProcessBuilder.Redirect.INHERIT)
          .start();
    } catch (IOException e) {
      throw new IOException("python3: not installed, and measuring needs it", e);
    }
  }

  private static void forget(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The JVM is going down: the hook runs or ran, and that is what it is for.
      return;
    }
  }

  private void take(JsonNode said) throws IOException {
    @Nullable JsonNode failed = said.get("failed");
    if (failed != null) {
      throw new IOException(failed.asText());
    }
    if (said.has("progress")) {
      progress.at(said.get("progress").asDouble(), said.get("doing").asText());
    } else if (said.has("packets")) {
      packets.put(said.get("packets").asText(), Samples.of(numbers(said.get("ns"))));
    } else if (said.has("connections")) {
      connections.put(said.get("connections").asText(), byDestination(said.get("ns")));
    } else if (said.has("restore")) {
      restores.put(said.get("restore").asText(), Samples.of(numbers(said.get("seconds"))));
    }
    done = said.has("done");
  }

  private static List<Double> numbers(JsonNode array) {
    List<Double> numbers = new ArrayList<>(array.size());
    array.forEach(number -> numbers.add(number.asDouble()));
    return numbers;
  }

  private static ImmutableList<Samples> byDestination(JsonNode rounds) {
    ImmutableList.Builder<Samples> samples = ImmutableList.builder();
    for (int destination = 0; destination < rounds.get(0).size(); destination++) {
      List<Double> times = new ArrayList<>(rounds.size());
      for (JsonNode round : rounds) {
        times.add(round.get(destination).asDouble());
      }
      samples.add(Samples.of(times));
    }
    return samples.build();
  }
}
