package dev.packetpath.iptables.ipset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a set may be, and how values that the kernel rounds are rounded. */
final class SetSpecTest {
  private static SetSpec.Builder hash() {
    return SetSpec.builder("s", SetType.HASH_IP);
  }

  private static void refused(SetType type, String message, Consumer<SetSpec.Builder> change) {
    SetSpec.Builder builder = SetSpec.builder("s", type);
    assertThatThrownBy(() -> change.accept(builder))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "abcdefghijklmnopqrstuvwxyz123456", "a b", "a\tb", " "})
  void aNameHasOneTo31CharactersWithoutSpaces(String name) {
    assertThatThrownBy(() -> SetSpec.builder(name, SetType.HASH_IP))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("a set name");
    assertThatThrownBy(() -> hash().build().withName(name))
        .isInstanceOf(IllegalArgumentException.class);
    String longest = "abcdefghijklmnopqrstuvwxyz12345";
    assertThat(SetSpec.builder(longest, SetType.HASH_IP).build().name()).isEqualTo(longest);
  }

  /** htable_bits: a power of two, 64 at least. */
  @ParameterizedTest
  @CsvSource({"0, 64", "64, 64", "65, 128", "1024, 1024", "1025, 2048", "1073741824, 1073741824"})
  void bucketsAreAPowerOfTwo(long asked, int given) {
    assertThat(hash().hashSize(asked).build().hashSize()).isEqualTo(given);
  }

  /** Even, from 2 to AHASH_MAX_SIZE 12. */
  @ParameterizedTest
  @CsvSource({"0, 2", "1, 2", "2, 2", "3, 4", "4, 4", "11, 12", "12, 12", "13, 12", "255, 12"})
  void aBucketHoldsAnEvenNumber(int asked, int given) {
    assertThat(hash().bucketSize(asked).build().bucketSize()).isEqualTo(given);
  }

  @Test
  void numbersOutOfRangeAreRefused() {
    refused(SetType.HASH_IP, "hashsize", b -> b.hashSize(-1));
    refused(SetType.HASH_IP, "hashsize", b -> b.hashSize((1L << 30) + 1));
    refused(SetType.HASH_IP, "maxelem", b -> b.maxElements(-1));
    refused(SetType.HASH_IP, "maxelem", b -> b.maxElements(1L << 32));
    refused(SetType.HASH_IP, "netmask", b -> b.netmask(0));
    refused(SetType.HASH_IP, "netmask", b -> b.netmask(129));
    refused(SetType.HASH_IP, "timeout", b -> b.timeoutSeconds(-1));
    refused(SetType.HASH_IP, "timeout", b -> b.timeoutSeconds(2_147_484));
    refused(SetType.HASH_IP, "bucketsize", b -> b.bucketSize(-1));
    refused(SetType.HASH_IP, "bucketsize", b -> b.bucketSize(256));
    refused(SetType.HASH_IP, "initval", b -> b.initval(1L << 32));
    refused(SetType.LIST_SET, "size", b -> b.listSize(1L << 32));
    refused(SetType.BITMAP_PORT, "ports", b -> b.portRange(-1, 5));
    refused(SetType.BITMAP_PORT, "ports", b -> b.portRange(5, 65_536));
  }

  @Test
  void theGreatestNumbersAreTaken() {
    SetSpec spec =
        hash()
            .maxElements((1L << 32) - 1)
            .timeoutSeconds(2_147_483)
            .initval((1L << 32) - 1)
            .netmask(32)
            .skbinfo(true)
            .forceadd(true)
            .build();
    assertThat(spec.maxElements()).isEqualTo((1L << 32) - 1);
    assertThat(spec.timeoutSeconds()).isEqualTo(2_147_483);
    assertThat(spec.initval()).isEqualTo((1L << 32) - 1);
    assertThat(spec.netmask()).isEqualTo(32);
    assertThat(spec.skbinfo()).isTrue();
    assertThat(spec.forceadd()).isTrue();
    assertThat(hash().family(IpFamily.IPV6).netmask(128).build().netmask()).isEqualTo(128);
  }

  @Test
  void aTypeTakesOnlyWhatItHas() {
    refused(SetType.LIST_SET, "no family", b -> b.family(IpFamily.IPV6));
    refused(SetType.LIST_SET, "no forceadd", b -> b.forceadd(true));
    refused(SetType.LIST_SET, "no netmask", b -> b.netmask(24));
    refused(SetType.HASH_IP, "no size", b -> b.listSize(8));
    refused(SetType.HASH_IP, "no range of ports", b -> b.portRange(1, 2));
    IpAddress four = IpAddress.parse("10.0.0.0");
    refused(SetType.HASH_IP, "no range of addresses", b -> b.range(four, four));
    refused(SetType.BITMAP_IP, "IPv4", b -> b.range(four, IpAddress.parse("fd00::1")));
    refused(SetType.BITMAP_IP, "IPv4", b -> b.range(IpAddress.parse("fd00::1"), four));
    assertThat(
            SetSpec.builder("l", SetType.LIST_SET).forceadd(false).listSize(0).build().listSize())
        .as("four at least")
        .isEqualTo(4);
  }

  @Test
  void aMaskIsNoLongerThanAnAddress() {
    assertThatThrownBy(() -> hash().netmask(33).build())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("1..32");
  }

  @Test
  void aBitmapNeedsARange() {
    for (SetType type : new SetType[] {SetType.BITMAP_IP, SetType.BITMAP_PORT}) {
      assertThatThrownBy(() -> SetSpec.builder("b", type).build())
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("a range for");
    }
  }

  private static SetSpec bitmap(String first, String last, int netmask) {
    SetSpec.Builder builder =
        SetSpec.builder("b", SetType.BITMAP_IP)
            .range(IpAddress.parse(first), IpAddress.parse(last));
    return netmask == 32 ? builder.build() : builder.netmask(netmask).build();
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.0.0, 10.0.255.255, 32, 65536",
    "10.0.255.255, 10.0.0.0, 32, 65536",
    "10.0.0.3, 10.0.0.5, 32, 3",
    "10.0.0.0, 10.255.255.255, 24, 65536",
    "10.0.0.0, 10.0.255.255, 24, 256",
    "10.0.0.0, 10.0.0.255, 25, 2"
  })
  void aBitmapHasRoomForItsNetworks(String first, String last, int netmask, long elements) {
    assertThat(bitmap(first, last, netmask).bitmapElements()).isEqualTo(elements);
  }

  /** range_to_mask: with a netmask the range is one network, of several of that length. */
  @ParameterizedTest
  @CsvSource({
    "10.0.0.0, 10.1.0.0, 32, at most 65536",
    "10.0.0.0, 10.0.0.255, 24, several networks",
    "10.0.0.0, 10.0.0.255, 16, several networks",
    "10.0.0.0, 10.255.255.255, 25, at most 65536"
  })
  void aBitmapOfOneNetworkOrTooManyIsRefused(
      String first, String last, int netmask, String message) {
    assertThatThrownBy(() -> bitmap(first, last, netmask))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining(message);
  }

  @Test
  void portsOfABitmapAreOrdered() {
    SetSpec spec = SetSpec.builder("p", SetType.BITMAP_PORT).portRange(65_535, 0).build();
    assertThat(spec.rangeFirst()).isZero();
    assertThat(spec.rangeLast()).isEqualTo(65_535);
    assertThat(spec.bitmapElements()).isEqualTo(65_536);
  }

  /** create -exist takes sets for the same that differ in how they are stored alone. */
  @Test
  void setsAreTheSameByWhatTheyHold() {
    SetSpec plain = hash().build();
    assertThat(plain.isSameAs(hash().hashSize(4096).bucketSize(2).initval(7).build())).isTrue();
    assertThat(plain.isSameAs(plain.withName("other"))).isTrue();
    assertThat(plain.isSameAs(SetSpec.builder("s", SetType.HASH_NET).build())).isFalse();
    assertThat(plain.isSameAs(hash().family(IpFamily.IPV6).build())).isFalse();
    assertThat(plain.isSameAs(hash().maxElements(5).build())).isFalse();
    assertThat(plain.isSameAs(hash().netmask(24).build())).isFalse();
    assertThat(plain.isSameAs(hash().timeoutSeconds(0).build())).isFalse();
    assertThat(plain.isSameAs(hash().counters(true).build())).isFalse();
    assertThat(plain.isSameAs(hash().comment(true).build())).isFalse();
    assertThat(plain.isSameAs(hash().skbinfo(true).build())).isFalse();
    SetSpec list = SetSpec.builder("l", SetType.LIST_SET).build();
    assertThat(list.isSameAs(SetSpec.builder("l", SetType.LIST_SET).listSize(9).build())).isFalse();
    SetSpec ports = SetSpec.builder("p", SetType.BITMAP_PORT).portRange(1, 9).build();
    assertThat(ports.isSameAs(SetSpec.builder("p", SetType.BITMAP_PORT).portRange(2, 9).build()))
        .isFalse();
    assertThat(ports.isSameAs(SetSpec.builder("p", SetType.BITMAP_PORT).portRange(1, 8).build()))
        .isFalse();
  }
}
