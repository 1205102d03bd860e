package dev.packetpath.iptables.ipset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.core.packet.Packet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Elements that packets add and delete, by {@code -j SET}, and that time takes away. */
final class SetByPacketTest {
  private static final PacketAdd AGAIN = new PacketAdd(true, SetEntry.UNSET);

  private static boolean add(SetLab lab, Packet packet, String sides, PacketAdd options) {
    return lab.sets.reference("s").add(packet, SetLab.STATE, SetDimensions.parse(sides), options);
  }

  private static boolean add(SetLab lab, Packet packet, String sides) {
    return add(lab, packet, sides, PacketAdd.DEFAULT);
  }

  private static boolean delete(SetLab lab, Packet packet, String sides) {
    return lab.sets.reference("s").delete(packet, SetLab.STATE, SetDimensions.parse(sides));
  }

  private static Packet packet() {
    return SetLab.tcp("10.0.0.7", 4000, "10.0.0.9", 80);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "bitmap:ip range 10.0.0.0/24 | src | 10.0.0.7",
        "bitmap:ip range 10.0.0.0/24 | dst | 10.0.0.9",
        "bitmap:ip range 10.0.0.0/16 netmask 24 | src | 10.0.0.0",
        "bitmap:port range 0-65535 | src | 4000",
        "bitmap:port range 80-90 | dst | 80",
        "hash:ip | src | 10.0.0.7",
        "hash:ip netmask 30 | src | 10.0.0.4",
        "hash:net | dst | 10.0.0.9",
        "hash:ip,port | src,dst | 10.0.0.7,tcp:80",
        "hash:ip,port,ip | src,dst,dst | 10.0.0.7,tcp:80,10.0.0.9",
        "hash:net,port | dst,src | 10.0.0.9,tcp:4000",
        "hash:net,net | src,dst | 10.0.0.7,10.0.0.9",
        "hash:net,iface | src,src | 10.0.0.7,eth0",
        "hash:net,iface | src,dst | 10.0.0.7,eth1"
      })
  void aPacketAddsAndDeletesItsElement(String type, String sides, String element) {
    SetLab lab = new SetLab("create s " + type);
    Packet packet = packet();
    assertThat(delete(lab, packet, sides)).as("not there yet").isFalse();
    assertThat(add(lab, packet, sides)).isTrue();
    assertThat(lab.elements()).containsExactly("add s " + element);
    assertThat(lab.test("s", packet, sides)).isTrue();
    assertThat(add(lab, packet, sides)).as("there already").isFalse();
    assertThat(add(lab, packet, sides, AGAIN)).as("--exist").isTrue();
    assertThat(lab.elements()).hasSize(1);
    assertThat(delete(lab, packet, sides)).isTrue();
    assertThat(lab.elements()).isEmpty();
    assertThat(lab.test("s", packet, sides)).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "bitmap:ip range 10.0.0.8-10.0.0.9 | src",
        "bitmap:ip range 10.0.0.1-10.0.0.8 | dst",
        "bitmap:port range 81-90 | dst",
        "bitmap:port range 70-79 | dst"
      })
  void whatABitmapHasNoPlaceForIsNotAdded(String type, String sides) {
    SetLab lab = new SetLab("create s " + type);
    assertThat(add(lab, packet(), sides)).isFalse();
    assertThat(delete(lab, packet(), sides)).isFalse();
    assertThat(lab.test("s", packet(), sides)).isFalse();
  }

  @Test
  void whatHasNoPortIsInNoSetOfPorts() {
    Packet esp = packet().protocol(IpProtocol.ESP);
    for (String type : new String[] {"bitmap:port range 0-65535", "hash:ip,port"}) {
      SetLab lab = new SetLab("create s " + type);
      String sides = type.startsWith("bitmap") ? "dst" : "src,dst";
      assertThat(lab.test("s", packet().transportTruncated(true), sides)).isFalse();
      assertThat(add(lab, packet().transportTruncated(true), sides)).isFalse();
      assertThat(delete(lab, packet().transportTruncated(true), sides)).isFalse();
      assertThat(lab.test("s", esp, sides)).isFalse();
    }
  }

  @Test
  void aPacketGivesItsElementTheTimeOfTheSetOrTheTarget() {
    SetLab lab = new SetLab("create s bitmap:port range 0-9999 timeout 30");
    add(lab, packet(), "dst");
    add(lab, packet(), "src", new PacketAdd(false, 60));
    assertThat(lab.elements())
        .containsExactlyInAnyOrder("add s 80 timeout 30", "add s 4000 timeout 60");
    lab.clock.advanceTo(29_000_000_000L);
    add(lab, packet(), "dst", AGAIN);
    lab.clock.advanceTo(59_100_000_000L);
    assertThat(lab.sets.size("s")).isEqualTo(1);
    assertThat(add(lab, packet(), "dst")).as("its place is free").isTrue();
  }

  /** A list hands packets to its members, one after the other, until one takes them. */
  @Test
  void aListAddsToTheFirstMemberThatTakesThePacket() {
    SetLab lab =
        new SetLab(
            "create far bitmap:ip range 192.168.0.0/24",
            "create six hash:ip family inet6",
            "create near bitmap:ip range 10.0.0.0/24",
            "create any hash:ip",
            "create s list:set",
            "add s far",
            "add s six",
            "add s near",
            "add s any");
    assertThat(add(lab, packet(), "src")).isTrue();
    assertThat(lab.elements()).contains("add near 10.0.0.7").doesNotContain("add any 10.0.0.7");
    assertThat(add(lab, packet(), "src")).as("the next one takes it").isTrue();
    assertThat(lab.elements()).contains("add any 10.0.0.7");
    assertThat(add(lab, packet(), "src")).isFalse();
    assertThat(delete(lab, packet(), "src")).isTrue();
    assertThat(lab.elements()).contains("add any 10.0.0.7").doesNotContain("add near 10.0.0.7");
    assertThat(delete(lab, packet(), "src")).isTrue();
    assertThat(delete(lab, packet(), "src")).isFalse();
  }

  @Test
  void aMemberOfAListLeavesAfterItsTime() {
    SetLab lab =
        new SetLab(
            "create a hash:ip",
            "create b hash:ip",
            "create s list:set timeout 5",
            "add s a",
            "add s b timeout 50");
    assertThat(lab.sets.size("s")).isEqualTo(2);
    assertThatThrownBy(() -> lab.restore("destroy a")).hasMessageContaining("in use");
    lab.clock.advanceTo(5_100_000_000L);
    assertThat(lab.sets.size("s")).isEqualTo(1);
    assertThat(lab.elements()).containsExactly("add s b timeout 44");
    assertThat(add(lab, packet(), "src")).isTrue();
    assertThat(lab.elements()).contains("add b 10.0.0.7").doesNotContain("add a 10.0.0.7");
    assertThatThrownBy(() -> lab.restore("add s a before a"))
        .as("it is no neighbour any more")
        .isInstanceOf(RuntimeException.class);
    lab.restore("destroy a");
  }

  @Test
  void aMemberIsPutBesideAnother() {
    SetLab lab =
        new SetLab(
            "create a hash:ip",
            "create b hash:ip",
            "create c hash:ip",
            "create d hash:ip",
            "create s list:set",
            "add s a",
            "add s b before a",
            "add s c after b",
            "add s d after a");
    assertThat(lab.elements()).containsExactly("add s b", "add s c", "add s a", "add s d");
    assertThatThrownBy(() -> lab.restore("del s c before b")).isInstanceOf(RuntimeException.class);
    assertThatThrownBy(() -> lab.restore("del s c after a")).isInstanceOf(RuntimeException.class);
    lab.restore("del s c after b");
    assertThat(lab.elements()).containsExactly("add s b", "add s a", "add s d");
  }
}
