package dev.packetpath.conntrack.capacity;

import dev.packetpath.conntrack.ConntrackSettings;
import dev.packetpath.conntrack.Timeout;
import dev.packetpath.core.VirtualClock;
import dev.packetpath.core.net.IpProtocol;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * A table with short timeouts and a load of one to three kinds of connections with bursts, up to
 * several times what the table can take.
 *
 * @param settings the table
 * @param load the load
 */
record GeneratedLoad(ConntrackSettings settings, List<Arrivals> load) {
  private static final long SECOND = VirtualClock.NS_PER_SECOND;
  private static final long MILLISECOND = SECOND / 1000;
  private static final double USUAL_LIFE_SECONDS = 12;

  static GeneratedLoad of(long seed) {
    Random random = new Random(seed);
    int max = 8_000 + 1_000 * random.nextInt(9);
    ConntrackSettings settings =
        ConntrackSettings.builder()
            .max(max)
            .buckets(max >> random.nextInt(3))
            .seconds(Timeout.TCP_TIME_WAIT, 5 + random.nextInt(20))
            .seconds(Timeout.TCP_SYN_SENT, 5 + random.nextInt(20))
            .seconds(Timeout.TCP_SYN_RECV, 10)
            .seconds(Timeout.UDP, 3 + random.nextInt(10))
            .build();
    List<Arrivals> load = new ArrayList<>();
    int kinds = 1 + random.nextInt(3);
    for (int i = 0; i < kinds; i++) {
      ConnectionProfile profile = profile(random);
      double perSecond = max / USUAL_LIFE_SECONDS / kinds * (0.3 + 1.2 * random.nextDouble());
      long fromNs = random.nextInt(10) * SECOND;
      load.add(
          new Arrivals(profile, fromNs, fromNs + (15 + random.nextInt(25)) * SECOND, perSecond));
      if (random.nextBoolean()) {
        long burstNs = (5 + random.nextInt(25)) * SECOND;
        long untilNs = burstNs + (1 + random.nextInt(3)) * SECOND;
        load.add(
            new Arrivals(profile, burstNs, untilNs, perSecond * (1 + 3 * random.nextDouble())));
      }
    }
    return new GeneratedLoad(settings, load);
  }

  private static ConnectionProfile profile(Random random) {
    long roundTripNs = random.nextInt(50) * MILLISECOND;
    long holdNs = random.nextInt(5) * SECOND;
    return switch (random.nextInt(5)) {
      case 0 -> ConnectionProfile.tcp(roundTripNs, holdNs);
      case 1 -> ConnectionProfile.synFlood();
      case 2 -> ConnectionProfile.udpExchange(roundTripNs);
      case 3 -> ConnectionProfile.tcp(roundTripNs, holdNs).withSynRetries();
      default ->
          ConnectionProfile.builder("udp stream", IpProtocol.UDP)
              .client(0, 0, 10)
              .server(roundTripNs, 0, 10)
              .client(3 * SECOND, 0, 10)
              .server(MILLISECOND, 0, 10)
              .build();
    };
  }
}
