package dev.packetpath.conntrack;

import static dev.packetpath.conntrack.SctpHeartbeat.Judgement.COUNTS;
import static dev.packetpath.conntrack.SctpHeartbeat.Judgement.INVALID;
import static dev.packetpath.conntrack.SctpHeartbeat.Judgement.PASSES_ONLY;
import static org.assertj.core.api.Assertions.assertThat;

import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.core.packet.Packet;
import org.junit.jupiter.api.Test;

class SctpHeartbeatTest {
  private static final SctpChunk HEARTBEAT = chunk(SctpChunk.HEARTBEAT);
  private static final SctpChunk HEARTBEAT_ACK = chunk(SctpChunk.HEARTBEAT_ACK);

  private final SctpTracking sctp = new SctpTracking();

  private static SctpChunk chunk(int type) {
    return SctpChunk.of(
            new Packet().protocol(IpProtocol.SCTP).payload(new byte[] {(byte) type, 0, 0, 4}))
        .get(0);
  }

  private SctpHeartbeat.Judgement judge(
      SctpChunk chunk, Direction direction, int tag, boolean strict) {
    return SctpHeartbeat.judge(sctp, chunk, direction, tag, strict);
  }

  @Test
  void otherChunksCountAndTeachNoTag() {
    assertThat(judge(chunk(SctpChunk.DATA), Direction.ORIGINAL, 5, true)).isEqualTo(COUNTS);
    assertThat(sctp.tag(Direction.ORIGINAL)).isZero();
  }

  @Test
  void firstTagOfADirectionIsLearnt() {
    assertThat(judge(HEARTBEAT, Direction.ORIGINAL, 5, true)).isEqualTo(COUNTS);
    assertThat(sctp.tag(Direction.ORIGINAL)).isEqualTo(5);
    assertThat(sctp.tag(Direction.REPLY)).isZero();
    assertThat(judge(HEARTBEAT, Direction.ORIGINAL, 5, true)).isEqualTo(COUNTS);
  }

  @Test
  void wrongTagIsInvalidBesideDataAndPassesAlone() {
    sctp.tag(Direction.ORIGINAL, 5);
    assertThat(judge(HEARTBEAT, Direction.ORIGINAL, 6, true)).isEqualTo(INVALID);
    assertThat(sctp.heartbeatTagFailed).isFalse();
    assertThat(judge(HEARTBEAT, Direction.ORIGINAL, 6, false)).isEqualTo(PASSES_ONLY);
    assertThat(sctp.heartbeatTagFailed).isTrue();
    assertThat(sctp.heartbeatFailedIn).isEqualTo(Direction.ORIGINAL);
    assertThat(judge(HEARTBEAT, Direction.ORIGINAL, 5, false)).isEqualTo(COUNTS);
    assertThat(sctp.heartbeatTagFailed).isFalse();
  }

  @Test
  void answerToAHeartbeatOfARestartedPeerBringsTheNewTag() {
    sctp.tag(Direction.ORIGINAL, 5);
    sctp.tag(Direction.REPLY, 8);
    assertThat(judge(HEARTBEAT_ACK, Direction.REPLY, 9, false)).isEqualTo(INVALID);
    judge(HEARTBEAT, Direction.ORIGINAL, 6, false);
    assertThat(judge(HEARTBEAT_ACK, Direction.ORIGINAL, 7, false)).isEqualTo(INVALID);
    assertThat(judge(HEARTBEAT_ACK, Direction.REPLY, 9, false)).isEqualTo(COUNTS);
    assertThat(sctp.tag(Direction.REPLY)).isEqualTo(9);
    assertThat(sctp.tag(Direction.ORIGINAL)).isZero();
    assertThat(sctp.heartbeatTagFailed).isFalse();
  }
}
