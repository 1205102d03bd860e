package dev.packetpath.kubernetes.sync;

import dev.packetpath.kubernetes.node.NodeFile;

/**
 * A text that a tool is given to read.
 *
 * @param tool the tool and its options, such as {@code iptables-restore --noflush --counters}
 * @param content writes the text; may be called again and writes the same
 */
public record SyncText(String tool, NodeFile.Content content) {
  /** Returns how large the text is: it is written to be counted. */
  public TextSize size() {
    return TextSize.of(content);
  }
}
