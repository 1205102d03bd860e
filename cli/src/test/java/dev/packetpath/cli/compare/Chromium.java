package dev.packetpath.cli.compare;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/** A page in a browser without a window, spoken to by the DevTools protocol. */
final class Chromium implements AutoCloseable {
  private static final String READY = "DevTools listening on ";
  private static final int PATIENCE_SECONDS = 60;
  private static final int CLOSING_SECONDS = 10;
  private static final int PAUSE_MS = 20;

  private final ObjectMapper json = new ObjectMapper();
  private final BlockingQueue<String> received = new LinkedBlockingQueue<>();
  private final List<String> complaints = new ArrayList<>();
  private final Process process;
  private final WebSocket socket;
  private String session = "";
  private int calls;

  private Chromium(Process process, URI address) {
    this.process = process;
    this.socket =
        HttpClient.newHttpClient()
            .newWebSocketBuilder()
            .buildAsync(address, new Collector(received))
            .join();
  }

  /** Returns the browser's program, if there is one. */
  static Optional<Path> program() {
    return Stream.of("chromium", "chromium-browser", "google-chrome")
        .flatMap(
            name ->
                Stream.of(System.getenv("PATH").split(File.pathSeparator))
                    .map(folder -> Path.of(folder, name)))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /** Opens a page in a window of that size. */
  static Chromium open(Path program, Path profile, Path page, int width, int height)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                program.toString(),
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--remote-debugging-port=0",
                "--user-data-dir=" + profile,
                "--window-size=" + width + "," + height,
                "about:blank")
            .redirectErrorStream(true)
            .start();
    try {
      Chromium chromium = new Chromium(process, address(process));
      chromium.load(page);
      return chromium;
    } catch (IOException | RuntimeException | InterruptedException e) {
      process.destroyForcibly();
      throw e;
    }
  }

  private static URI address(Process process) throws IOException {
    BufferedReader output = process.inputReader();
    StringBuilder said = new StringBuilder();
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      if (line.startsWith(READY)) {
        return URI.create(line.substring(READY.length()));
      }
      said.append(line).append('\n');
    }
    throw new IOException("the browser did not start: " + said);
  }

  private void load(Path page) throws IOException, InterruptedException {
    ObjectNode target = json.createObjectNode().put("url", "about:blank");
    String id = call("Target.createTarget", target).get("targetId").asText();
    ObjectNode attach = json.createObjectNode().put("targetId", id).put("flatten", true);
    session = call("Target.attachToTarget", attach).get("sessionId").asText();
    call("Runtime.enable", json.createObjectNode());
    call("Log.enable", json.createObjectNode());
    call("Page.enable", json.createObjectNode());
    call("Page.navigate", json.createObjectNode().put("url", page.toUri().toString()));
    for (int waited = 0; !isLoaded(); waited += PAUSE_MS) {
      if (waited >= PATIENCE_SECONDS * 1000) {
        throw new IOException("the page was not there after " + PATIENCE_SECONDS + " s");
      }
      Thread.sleep(PAUSE_MS);
    }
  }

  private boolean isLoaded() throws IOException, InterruptedException {
    return evaluate("document.readyState").asText().equals("complete")
        && !evaluate("location.href").asText().equals("about:blank");
  }

  /** Returns the value of an expression of JavaScript. */
  JsonNode evaluate(String expression) throws IOException, InterruptedException {
    ObjectNode parameters =
        json.createObjectNode().put("expression", expression).put("returnByValue", true);
    JsonNode answer = call("Runtime.evaluate", parameters);
    if (answer.has("exceptionDetails")) {
      throw new IOException(expression + ": " + answer.get("exceptionDetails"));
    }
    return answer.get("result").path("value");
  }

  /** Moves the pointer to the middle of the first element that a selector finds. */
  void pointAt(String selector, double shareOfWidth) throws IOException, InterruptedException {
    String element = "document.querySelector('" + selector + "')";
    evaluate(element + ".scrollIntoView({block:'center',behavior:'instant'})");
    JsonNode box =
        evaluate("(r=>[r.x,r.y,r.width,r.height])(" + element + ".getBoundingClientRect())");
    call(
        "Input.dispatchMouseEvent",
        json.createObjectNode()
            .put("type", "mouseMoved")
            .put("x", box.get(0).asDouble() + shareOfWidth * box.get(2).asDouble())
            .put("y", box.get(1).asDouble() + box.get(3).asDouble() / 2));
  }

  /** Presses a key that has no character. */
  void press(String key) throws IOException, InterruptedException {
    for (String type : List.of("rawKeyDown", "keyUp")) {
      call("Input.dispatchKeyEvent", json.createObjectNode().put("type", type).put("key", key));
    }
  }

  /** Makes the reader one who wants this colour scheme, or paper. */
  void media(String medium, String scheme) throws IOException, InterruptedException {
    ObjectNode parameters = json.createObjectNode().put("media", medium);
    parameters
        .putArray("features")
        .addObject()
        .put("name", "prefers-color-scheme")
        .put("value", scheme);
    call("Emulation.setEmulatedMedia", parameters);
  }

  /** Gives the window another size. */
  void resize(int width, int height) throws IOException, InterruptedException {
    call(
        "Emulation.setDeviceMetricsOverride",
        json.createObjectNode()
            .put("width", width)
            .put("height", height)
            .put("deviceScaleFactor", 1)
            .put("mobile", false));
  }

  /** Returns the window as PNG. */
  byte[] screenshot() throws IOException, InterruptedException {
    return call("Page.captureScreenshot", json.createObjectNode()).get("data").binaryValue();
  }

  /** Returns what the page has complained about. */
  List<String> complaints() {
    return complaints;
  }

  private JsonNode call(String method, ObjectNode parameters)
      throws IOException, InterruptedException {
    int id = ++calls;
    ObjectNode message = json.createObjectNode().put("id", id).put("method", method);
    message.set("params", parameters);
    if (!session.isEmpty()) {
      message.put("sessionId", session);
    }
    socket.sendText(message.toString(), true).join();
    while (true) {
      String text = received.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
      if (text == null) {
        throw new IOException("no answer to " + method);
      }
      JsonNode answer = json.readTree(text);
      if (answer.path("id").asInt() == id) {
        if (answer.has("error")) {
          throw new IOException(method + ": " + answer.get("error"));
        }
        return answer.get("result");
      }
      note(answer);
    }
  }

  private void note(JsonNode event) {
    switch (event.path("method").asText()) {
      case "Runtime.exceptionThrown", "Log.entryAdded" -> complaints.add(event.toString());
      case "Runtime.consoleAPICalled" -> {
        if (List.of("error", "warning").contains(event.at("/params/type").asText())) {
          complaints.add(event.toString());
        }
      }
      default -> {}
    }
  }

  /** Returns when all its processes are gone and nobody writes into its profile any more. */
  @Override
  public void close() {
    List<ProcessHandle> all =
        Stream.concat(Stream.of(process.toHandle()), process.descendants()).toList();
    ObjectNode message = json.createObjectNode().put("id", ++calls).put("method", "Browser.close");
    socket.sendText(message.toString(), true);
    for (ProcessHandle one : all) {
      try {
        one.onExit().get(CLOSING_SECONDS, TimeUnit.SECONDS);
      } catch (ExecutionException | TimeoutException e) {
        one.destroyForcibly();
        one.onExit().join();
      } catch (InterruptedException e) {
        one.destroyForcibly();
        Thread.currentThread().interrupt();
      }
    }
    socket.abort();
  }

  /** Puts messages together. */
  private static final class Collector implements WebSocket.Listener {
    private final BlockingQueue<String> messages;
    private final StringBuilder part = new StringBuilder();

    Collector(BlockingQueue<String> messages) {
      this.messages = messages;
    }

    @Override
    public CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
      part.append(data);
      if (last) {
        messages.add(part.toString());
        part.setLength(0);
      }
      webSocket.request(1);
      return null;
    }
  }
}
