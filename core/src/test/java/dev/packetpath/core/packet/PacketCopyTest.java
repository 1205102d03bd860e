package dev.packetpath.core.packet;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class PacketCopyTest {
  @Test
  void aPacketTakesOverAttachmentsAndForgetsItsOwn() {
    List<AttachmentKey<String>> keys = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      keys.add(AttachmentKey.create("none"));
    }
    Packet few = new Packet();
    few.attach(keys.get(0), "few");
    Packet many = new Packet();
    keys.forEach(key -> many.attach(key, "many"));

    Packet packet = many.copy();
    packet.copyFrom(few);

    assertThat(packet.attachment(keys.get(0))).isEqualTo("few");
    assertThat(keys.subList(1, 12)).allMatch(key -> packet.attachment(key).equals("none"));
    packet.copyFrom(many);
    assertThat(keys).allMatch(key -> packet.attachment(key).equals("many"));
    packet.attach(keys.get(11), "own");
    assertThat(many.attachment(keys.get(11))).isEqualTo("many");
  }

  @Test
  void aPacketForgetsEachAttachment() {
    Packet packet = new Packet();
    assertThat(packet.isBlank()).isTrue();
    for (AttachmentPlace<String> key : places()) {
      packet.attach(key, "some" + key.index());
      assertThat(packet.isBlank()).isFalse();
    }
    assertThat(places()).allMatch(key -> packet.attachment(key).equals("some" + key.index()));

    packet.clearAttachments();

    assertThat(packet.isBlank()).isTrue();
    assertThat(places()).allMatch(key -> packet.attachment(key).equals("none"));
  }

  @Test
  void aCopyHasEachAttachment() {
    Packet packet = new Packet();
    places().forEach(key -> packet.attach(key, "some" + key.index()));

    Packet copy = packet.copy();

    assertThat(copy.isBlank()).isFalse();
    assertThat(places()).allMatch(key -> copy.attachment(key).equals("some" + key.index()));
  }

  /** Keys of all fields, whatever else was made before, and of places behind them. */
  private static List<AttachmentPlace<String>> places() {
    return IntStream.range(0, 12).mapToObj(i -> new AttachmentPlace<>(i, "none")).toList();
  }
}
