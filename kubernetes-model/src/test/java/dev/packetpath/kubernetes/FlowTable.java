package dev.packetpath.kubernetes;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableMap;
import com.google.common.io.Resources;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A table of flows and what becomes of each: {@code flow => outcome | outcome}, a line each. What a
 * later file says of a flow replaces what an earlier one said.
 *
 * @param outcomes what becomes of each flow
 */
record FlowTable(ImmutableMap<String, String> outcomes) {
  /** Reads files of the folder flows. */
  static FlowTable read(List<String> names) throws IOException {
    Map<String, String> outcomes = new LinkedHashMap<>();
    for (String name : names) {
      for (String line :
          Resources.readLines(Resources.getResource(FlowTable.class, "flows/" + name), UTF_8)) {
        if (!line.isBlank() && line.charAt(0) != '#') {
          List<String> flow = Splitter.on(" => ").splitToList(line);
          outcomes.put(flow.get(0), flow.get(1));
        }
      }
    }
    return new FlowTable(ImmutableMap.copyOf(outcomes));
  }
}
