package dev.packetpath.core.packet;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
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
    assertThat(packet.attachment(keys.get(11))).isEqualTo("none");
    packet.copyFrom(many);
    assertThat(packet.attachment(keys.get(11))).isEqualTo("many");
    packet.attach(keys.get(11), "own");
    assertThat(many.attachment(keys.get(11))).isEqualTo("many");
  }
}
