package dev.packetpath.conformance;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

/**
 * Many conversations at the same time, as one vector: each packet has the time {@code at} which it
 * is due, the {@code talk} it belongs to and the {@code tuple} that its connection is found by. The
 * timeouts are of seconds, all different, so that entries end while conversations go on.
 */
final class TalkScript {
  private static final int MILLIS = 1000;
  private static final String PREFIX = "net.netfilter.nf_conntrack_";

  private TalkScript() {}

  /**
   * Draws conversations.
   *
   * @param seed what they are drawn from
   * @param talks how many
   * @param seconds how long they take; what comes later is left out
   */
  static ObjectNode draw(long seed, int talks, int seconds) {
    Random random = new Random(seed);
    record Said(int talk, TalkPacket packet) {}
    List<Said> said = new ArrayList<>();
    for (int talk = 0; talk < talks; talk++) {
      TalkEnds ends = TalkEnds.draw(random, talk);
      long fromMs = random.nextInt(seconds * MILLIS / 2);
      int draw = random.nextInt(10);
      List<TalkPacket> sent =
          draw < 6
              ? TcpTalk.draw(random, ends, fromMs)
              : draw == 6
                  ? FtpTalk.draw(random, ends.withFtp(), fromMs)
                  : QueryTalk.draw(random, ends, draw < 9, fromMs);
      for (TalkPacket packet : BadNetwork.deliver(random, sent)) {
        said.add(new Said(talk, packet));
      }
    }
    said.removeIf(one -> one.packet().atMs() > (long) seconds * MILLIS);
    said.sort(Comparator.comparingLong(one -> one.packet().atMs()));
    ObjectNode vector = JsonNodeFactory.instance.objectNode();
    vector.put("ruleset", TalkEnds.RULES);
    settings(vector.putObject("sysctls"), random);
    ArrayNode packets = vector.putArray("packets");
    for (Said one : said) {
      ObjectNode packet = one.packet().packet().deepCopy();
      packet.put("at", one.packet().atMs() / (double) MILLIS).put("talk", one.talk());
      packets.add(packet.put("ipid", packets.size() & 0xffff));
    }
    return vector;
  }

  private static void settings(ObjectNode sysctls, Random random) {
    String tcp = PREFIX + "tcp_timeout_";
    sysctls.put(tcp + "syn_sent", 4).put(tcp + "syn_recv", 2).put(tcp + "established", 7);
    sysctls.put(tcp + "fin_wait", 4).put(tcp + "close_wait", 3).put(tcp + "last_ack", 2);
    sysctls.put(tcp + "time_wait", 5).put(tcp + "close", 1);
    sysctls.put(tcp + "max_retrans", 3).put(tcp + "unacknowledged", 6);
    sysctls.put(PREFIX + "udp_timeout", 3).put(PREFIX + "udp_timeout_stream", 6);
    sysctls.put(PREFIX + "icmp_timeout", 2).put(PREFIX + "icmpv6_timeout", 2);
    sysctls.put(PREFIX + "tcp_loose", random.nextInt(4) == 0 ? 0 : 1);
    sysctls.put(PREFIX + "tcp_be_liberal", random.nextInt(4) == 0 ? 1 : 0);
    sysctls.put(PREFIX + "tcp_ignore_invalid_rst", random.nextInt(4) == 0 ? 1 : 0);
    sysctls.put(PREFIX + "tcp_max_retrans", 2 + random.nextInt(2));
  }
}
