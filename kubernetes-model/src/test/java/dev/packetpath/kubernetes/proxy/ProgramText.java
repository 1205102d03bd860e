package dev.packetpath.kubernetes.proxy;

import com.google.common.base.Splitter;
import dev.packetpath.kubernetes.node.NodeFile;
import dev.packetpath.kubernetes.node.NodeProgram;
import java.io.IOException;
import java.io.StringWriter;
import java.util.List;

/** The files of a node's program as lines. */
public final class ProgramText {
  private ProgramText() {}

  /** Returns the lines of a file that are not empty. */
  public static List<String> lines(NodeProgram program, String name) throws IOException {
    NodeFile file =
        program.files().stream().filter(one -> one.name().equals(name)).findFirst().orElseThrow();
    StringWriter text = new StringWriter();
    file.content().writeTo(text);
    return Splitter.on('\n').omitEmptyStrings().splitToList(text.toString());
  }
}
