package dev.packetpath.cli.calibrate;

import com.google.common.collect.ImmutableList;
import dev.packetpath.kubernetes.SyntheticCluster;
import java.util.stream.IntStream;

/** The connections that are measured without Services. */
final class ConnectionCases {
  private static final ImmutableList<ConnectionCase.Destination> PODS =
      IntStream.range(0, 200)
          .mapToObj(
              pod ->
                  new ConnectionCase.Destination(
                      "10.128." + (1 + pod % 7) + "." + (2 + pod), SyntheticCluster.TARGET_PORT))
          .collect(ImmutableList.toImmutableList());

  static final ConnectionCase DIRECT = new ConnectionCase("no tables", "", PODS);
  static final ConnectionCase TABLES =
      new ConnectionCase("empty tables", PacketCases.EMPTY_TABLES, PODS);
  static final ConnectionCase TRACKED =
      new ConnectionCase("conntrack", PacketCases.TRACKED_TABLES, PODS);
  static final ConnectionCase NAT = new ConnectionCase("nat", PacketCases.NAT_TABLES, PODS);

  private ConnectionCases() {}

  static ImmutableList<ConnectionCase> all() {
    return ImmutableList.of(DIRECT, TABLES, TRACKED, NAT);
  }
}
