package dev.packetpath.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.packetpath.core.net.IpFamily;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The live kernel: a process that holds network namespaces of its own and runs vectors in them, one
 * at a time. The namespaces go with the process. Belongs to one thread.
 */
public final class KernelLab implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long PATIENCE_SECONDS = 10;
  private static final AtomicInteger STARTED = new AtomicInteger();

  private final Process process;
  private final BufferedReader answers;
  private final Writer requests;

  private KernelLab(Process process) {
    this.process = process;
    this.answers =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    this.requests =
        new BufferedWriter(
            new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8));
  }

  /**
   * Starts the process, on the CPU after the one that the laboratory before it got.
   *
   * @param program where {@code netlab.py} lies
   * @throws IOException if python3 cannot be started
   */
  public static KernelLab start(Path program) throws IOException {
    return new KernelLab(
        new ProcessBuilder(
                "python3",
                "-B",
                program.toString(),
                "serve",
                "--cpu",
                Integer.toString(STARTED.getAndIncrement()))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start());
  }

  /** What the kernel answered: the completed vector, or why a tool refused its rules or sets. */
  public sealed interface Answer {
    /**
     * The kernel ran the vector.
     *
     * @param vector the completed vector
     */
    record Completed(JsonNode vector) implements Answer {}

    /**
     * A tool refused a part of the vector.
     *
     * @param reason what it said
     */
    record Refused(String reason) implements Answer {}
  }

  /** Returns each feature by name: true, or why the kernel lacks it. */
  public JsonNode probe() throws IOException {
    return ask(request("probe")).path("features");
  }

  /**
   * Runs a vector.
   *
   * @param backend {@code legacy} or {@code nft}
   * @throws IOException if the process failed
   */
  public Answer run(JsonNode vector, String backend) throws IOException {
    ObjectNode request = request("run");
    request.set("vector", vector);
    request.put("backend", backend);
    JsonNode answer = ask(request);
    if (answer.path("ok").asBoolean()) {
      return new Answer.Completed(answer.path("vector"));
    }
    if (answer.has("refused")) {
      return new Answer.Refused(answer.path("refused").path("stderr").asText());
    }
    throw failure(answer);
  }

  /**
   * Loads rules and sets and returns why a tool refused them, if one did.
   *
   * @param backend {@code legacy} or {@code nft}
   * @throws IOException if the process failed
   */
  public Optional<String> load(ObjectNode rules, String backend) throws IOException {
    ObjectNode request = request("load");
    request.setAll(rules);
    request.put("backend", backend);
    JsonNode answer = ask(request);
    if (answer.path("ok").asBoolean()) {
      return Optional.empty();
    }
    if (answer.has("refused")) {
      return Optional.of(answer.path("refused").path("stderr").asText());
    }
    throw failure(answer);
  }

  /**
   * Returns what {@code iptables-save -c} or {@code ip6tables-save -c} prints of what is loaded.
   *
   * @throws IOException if the process failed
   */
  public String saved(IpFamily family) throws IOException {
    JsonNode answer = ask(request("read"));
    if (!answer.path("ok").asBoolean()) {
      throw failure(answer);
    }
    return answer.path(family == IpFamily.IPV4 ? "iptablesSave" : "ip6tablesSave").asText();
  }

  /**
   * Lets a real client in one namespace talk to a real server in another, over what is loaded.
   *
   * @param destination whom the client asks for
   * @throws IOException if the process failed
   */
  public Talk talk(Endpoint client, Endpoint server, String protocol, Endpoint destination)
      throws IOException {
    ObjectNode request = request("talk").put("protocol", protocol);
    request.set("client", client.toJson());
    request.set("server", server.toJson());
    request.set("destination", destination.toJson());
    JsonNode answer = ask(request);
    if (!answer.path("ok").asBoolean()) {
      throw failure(answer);
    }
    JsonNode result = answer.path("result");
    return new Talk(
        result.path("answer").asText(),
        result.path("errno").asText(),
        result.path("client").path("address").asText(),
        result.path("client").path("port").asInt());
  }

  /**
   * An end of a real conversation.
   *
   * @param at the device of the node that it is behind, "" if that does not matter
   * @param address its address
   * @param port its port
   */
  public record Endpoint(String at, String address, int port) {
    private ObjectNode toJson() {
      return JsonNodeFactory.instance
          .objectNode()
          .put("at", at)
          .put("address", address)
          .put("port", port);
    }
  }

  /**
   * What came of a real conversation.
   *
   * @param answer what the client heard, "" if nothing
   * @param errno the name of the client's error, "" if none
   * @param seenAddress the client's address as the server saw it, "" if it saw none
   * @param seenPort its port, 0 if it saw none
   */
  public record Talk(String answer, String errno, String seenAddress, int seenPort) {}

  /**
   * Sends the packets of a vector, each when it is due, and looks at its connection after each.
   *
   * @return {@code steps}, one for each packet, and {@code statistics}
   * @throws IOException if the process failed
   */
  public JsonNode watch(ObjectNode vector) throws IOException {
    JsonNode answer = ask(request("watch").setAll(vector));
    if (!answer.path("ok").asBoolean()) {
      throw failure(answer);
    }
    return answer;
  }

  /**
   * Sends a packet of each flow of floods, over rules and settings.
   *
   * @return for each flood what was counted and how many entries there were in the end
   * @throws IOException if the process failed
   */
  public JsonNode exhaust(ObjectNode question, List<ObjectNode> floods) throws IOException {
    ObjectNode request = request("exhaust").setAll(question);
    request.putArray("floods").addAll(floods);
    JsonNode answer = ask(request);
    if (!answer.path("ok").asBoolean()) {
      throw failure(answer);
    }
    return answer.path("floods");
  }

  /**
   * Fills the table of connections to the limit of the machine and lets new flows in.
   *
   * @param share the share of the entries that are not assured
   * @return the limit, the buckets, what was counted and how many entries there were in the end
   * @throws IOException if the process failed
   */
  public JsonNode overflow(ObjectNode question, double share, int probes) throws IOException {
    ObjectNode request = request("overflow").setAll(question);
    JsonNode answer = ask(request.put("share", share).put("probes", probes));
    if (!answer.path("ok").asBoolean()) {
      throw failure(answer);
    }
    return answer;
  }

  /**
   * Lets first packets of flows overtake each other, over rules that send them to a queue.
   *
   * @return for each race what came out, what was counted, and its connections
   * @throws IOException if the process failed
   */
  public JsonNode race(ObjectNode question, List<ObjectNode> races) throws IOException {
    ObjectNode request = request("race").setAll(question);
    request.putArray("races").addAll(races);
    JsonNode answer = ask(request);
    if (!answer.path("ok").asBoolean()) {
      throw failure(answer);
    }
    return answer.path("races");
  }

  /**
   * Returns the connections of the node.
   *
   * @throws IOException if the process failed
   */
  public JsonNode connections() throws IOException {
    return ask(request("read")).path("conntrack");
  }

  private static IOException failure(JsonNode answer) {
    return new IOException("the laboratory failed: " + answer.path("error").asText());
  }

  private static ObjectNode request(String operation) {
    return JsonNodeFactory.instance.objectNode().put("op", operation);
  }

  private JsonNode ask(ObjectNode request) throws IOException {
    String answer;
    try {
      requests.write(JSON.writeValueAsString(request));
      requests.write('\n');
      requests.flush();
      answer = answers.readLine();
    } catch (IOException e) {
      throw new IOException("the laboratory ended", e);
    }
    if (answer == null) {
      throw new IOException("the laboratory ended without an answer");
    }
    return JSON.readTree(answer);
  }

  @Override
  public void close() throws IOException {
    requests.close();
    try {
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        process.destroy();
      }
    } catch (InterruptedException e) {
      process.destroy();
      Thread.currentThread().interrupt();
    }
  }
}
