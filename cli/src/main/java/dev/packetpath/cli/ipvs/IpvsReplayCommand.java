package dev.packetpath.cli.ipvs;

import static com.google.common.base.Preconditions.checkArgument;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.packetpath.cli.OutputFile;
import dev.packetpath.core.SyntaxException;
import dev.packetpath.ipvs.KernelFlavour;
import dev.packetpath.node.TextFile;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code packetpath ipvs-replay}: scenarios in, what ip_vs does at each step out. */
@Command(
    name = "ipvs-replay",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    usageHelpWidth = 110,
    description = "Run scenarios of IPVS and write what the kernel would do at each step.")
public final class IpvsReplayCommand implements Callable<Integer> {
  private static final ObjectMapper JSON = new ObjectMapper();

  @Option(
      names = "--scenarios",
      required = true,
      paramLabel = "FILE",
      description = "services, and steps of packets, changes and sleeps, as JSON")
  private Path scenarios = Path.of("");

  @Option(
      names = "--kernel",
      paramLabel = "KIND",
      description = {
        "which kernel: total_connections (Linux 6.1.192 and later, the default), or",
        "classic, which counts active and inactive connections apart"
      })
  private KernelFlavour kernel = KernelFlavour.TOTAL_CONNECTIONS;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "FILE",
      description = "the same with the results filled in")
  private Path out = Path.of("");

  @Override
  public Integer call() throws IOException {
    OutputFile.check(out);
    ObjectNode file = read(scenarios);
    List<String> problems = fillIn(scenarios.toString(), file, kernel);
    OutputFile.write(out, text -> JSON.writeValue(text, file));
    checkArgument(problems.isEmpty(), "%s", String.join("\n", problems));
    return 0;
  }

  private static ObjectNode read(Path scenarios) throws IOException {
    try (Reader text = TextFile.open(scenarios)) {
      return read(scenarios.toString(), text);
    }
  }

  static ObjectNode read(String name, Reader text) throws IOException {
    JsonNode root;
    try {
      root = JSON.readTree(text);
    } catch (JsonProcessingException e) {
      JsonLocation at = e.getLocation();
      throw new SyntaxException(
          name,
          at == null ? 1 : at.getLineNr(),
          at == null ? 1 : Math.max(1, at.getColumnNr()),
          e.getOriginalMessage().lines().findFirst().orElse("an error"),
          "JSON");
    }
    if (root instanceof ObjectNode object && (object.has("scenarios") || object.has("tcpStates"))) {
      return object;
    }
    throw new SyntaxException(
        name, 1, 1, "no scenarios", "an object with \"scenarios\" or \"tcpStates\"");
  }

  /**
   * Runs all that a file holds and fills the results in. What is wrong with a scenario keeps none
   * of the others from running.
   *
   * @return what is wrong, a line for each scenario that is left without all of its results
   */
  static List<String> fillIn(String name, ObjectNode file, KernelFlavour kernel) {
    List<String> problems = new ArrayList<>();
    int number = 0;
    for (JsonNode scenario : Place.of(name).array(file, "scenarios")) {
      number++;
      Place place = Place.of(name).in("scenario", scenario.path("id").asText("" + number));
      note(problems, () -> new ScenarioRun(place, scenario, kernel).fillIn());
    }
    if (file.has("tcpStates")) {
      Place place = Place.of(name).in("tcpStates", "");
      note(problems, () -> new SequenceRun(place, file.path("tcpStates")).fillIn());
    }
    return problems;
  }

  private static void note(List<String> problems, Runnable run) {
    try {
      run.run();
    } catch (IllegalArgumentException e) {
      problems.add(e.getMessage());
    }
  }
}
