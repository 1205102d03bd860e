package dev.packetpath.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import java.util.zip.GZIPInputStream;

/** The vectors that were recorded from a kernel. */
final class Vectors {
  private Vectors() {}

  static Stream<JsonNode> recorded() {
    return Stream.of(
            "iptables-a",
            "targets",
            "fragments",
            "odd-fragments",
            "edges",
            "routing",
            "reroute",
            "timed",
            "dccp",
            "gre",
            "spellings",
            "odd-headers")
        .flatMap(Vectors::ofFile);
  }

  private static Stream<JsonNode> ofFile(String name) {
    String resource = "/vectors/" + name + ".json.gz";
    try (InputStream file = Objects.requireNonNull(Vectors.class.getResourceAsStream(resource));
        InputStream json = new GZIPInputStream(file)) {
      JsonNode vectors = new ObjectMapper().readTree(json).path("vectors");
      return StreamSupport.stream(vectors.spliterator(), false);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
