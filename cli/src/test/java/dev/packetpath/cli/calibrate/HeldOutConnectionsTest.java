package dev.packetpath.cli.calibrate;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Splitter;
import com.google.common.io.Resources;
import dev.packetpath.compare.work.PathCosts;
import dev.packetpath.kubernetes.proxy.KubeVersion;
import dev.packetpath.node.cost.Profiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The shipped profile of Linux 6.18 beside what that kernel took at numbers of Services that the
 * profile was not made from.
 */
final class HeldOutConnectionsTest {
  private static final double TOLERANCE = 0.15;

  @Test
  void connectionsAreForeseenWithinTheTolerance() throws IOException {
    ConnectPrediction prediction =
        new ConnectPrediction(Profiles.shipped("linux-6.18"), new PathCosts());
    List<String> rows =
        Resources.readLines(
                Resources.getResource(getClass(), "connections-linux-6.18.csv"),
                StandardCharsets.UTF_8)
            .stream()
            .filter(line -> !line.startsWith("#"))
            .skip(1)
            .toList();
    double sum = 0;
    for (String row : rows) {
      List<String> cells = Splitter.on(',').splitToList(row);
      double us =
          prediction.ns(KubeVersion.parse(cells.get(0)), Integer.parseInt(cells.get(1))) / 1e3;
      sum += Math.abs(us / Double.parseDouble(cells.get(2)) - 1);
    }
    assertThat(rows).hasSize(10);
    assertThat(sum / rows.size()).isLessThan(TOLERANCE);
  }
}
