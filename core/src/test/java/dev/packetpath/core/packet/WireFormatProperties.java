package dev.packetpath.core.packet;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import dev.packetpath.core.testing.PacketArbitraries;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

final class WireFormatProperties {
  @Property
  void whatIsWrittenReadsBackTheSame(@ForAll("packets") Packet packet) {
    byte[] bytes = WireFormat.encode(packet);
    assertThat(bytes).hasSize(packet.length());
    Packet read = WireFormat.decode(bytes);
    assertThat(read).hasToString(packet.toString());
    assertThat(WireFormat.encode(read)).isEqualTo(bytes);
  }

  @Property
  void theChecksumOfAWholePacketIsZeroUnlessItIsWrong(
      @ForAll("packets") Packet packet, @ForAll boolean valid) {
    byte[] bytes = WireFormat.encode(packet.checksumValid(valid));
    if (packet.family().bits() == 32) {
      assertThat(Checksum.finish(Checksum.add(0, bytes, 0, 20))).isZero();
      if (packet.isIcmp()) {
        assertThat(Checksum.finish(Checksum.add(0, bytes, 20, bytes.length)) == 0).isEqualTo(valid);
      }
    }
  }

  @Property
  void noBytesCrashTheReader(@ForAll @Size(max = 80) byte[] bytes, @ForAll boolean v6) {
    if (bytes.length > 0) {
      bytes[0] = (byte) (v6 ? 0x60 : 0x45);
    }
    try {
      assertThat(WireFormat.decode(bytes).toString()).isNotEmpty();
    } catch (IllegalArgumentException e) {
      assertThat(e).hasMessageMatching("(?s).+");
    }
  }

  @Property
  void fragmentsJoinToThePacketAndFit(
      @ForAll("packets") Packet packet, @ForAll @IntRange(min = 80, max = 200) int limit) {
    byte[] whole = WireFormat.encode(packet);
    ImmutableList<Packet> pieces = Fragments.of(packet, limit);
    ByteArrayOutputStream joined = new ByteArrayOutputStream();
    for (Packet piece : pieces) {
      byte[] bytes = WireFormat.encode(piece);
      assertThat(bytes.length).isLessThanOrEqualTo(limit);
      assertThat(piece.fragmentOffset() * 8).isEqualTo(joined.size());
      joined.writeBytes(Arrays.copyOfRange(bytes, piece.networkHeaderBytes(), bytes.length));
    }
    int header = packet.networkHeaderBytes();
    byte[] expected = Arrays.copyOfRange(whole, header, whole.length);
    byte[] actual = joined.toByteArray();
    assertThat(actual).hasSameSizeAs(expected);
    if (pieces.size() == 1) {
      assertThat(actual).isEqualTo(expected);
    } else {
      assertThat(pieces.get(pieces.size() - 1).moreFragments()).isFalse();
      assertThat(pieces.get(0).moreFragments()).isTrue();
    }
  }

  @Provide
  Arbitrary<Packet> packets() {
    return Arbitraries.lazyOf(PacketArbitraries::packets);
  }
}
