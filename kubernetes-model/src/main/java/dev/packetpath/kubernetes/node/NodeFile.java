package dev.packetpath.kubernetes.node;

import java.io.IOException;
import java.io.Writer;

/**
 * A file of a node snapshot.
 *
 * @param name its name
 * @param content writes it; may be called again and writes the same
 */
public record NodeFile(String name, Content content) {
  /** What writes a file. */
  @FunctionalInterface
  public interface Content {
    /** Writes the whole text. */
    void writeTo(Writer out) throws IOException;
  }
}
