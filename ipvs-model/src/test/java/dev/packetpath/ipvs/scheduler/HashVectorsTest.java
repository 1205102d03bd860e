package dev.packetpath.ipvs.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.packetpath.core.net.IpAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Hashes computed from the kernel's formulas, apart from this code. */
final class HashVectorsTest {
  private static final long OFFSET_KEY = 2_654_435_761L;
  private static final long SKIP_KEY = 2_654_446_892L;

  @Test
  void sipHashOfAWord() {
    assertThat(SipHash.hash(0, OFFSET_KEY)).isEqualTo(0x1d5a_77c2);
    assertThat(SipHash.hash(1, OFFSET_KEY)).isEqualTo(0x16ec_66b2);
    assertThat(SipHash.hash(0, SKIP_KEY)).isEqualTo(0xf882_433f);
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.0.1,0,39", "10.0.0.2,0,137", "192.168.1.77,0,144", "172.16.5.9,0,115",
    "10.0.0.1,40000,203", "10.0.0.2,40000,45", "192.168.1.77,40000,52", "172.16.5.9,40000,23"
  })
  void bucketOfSourceHashing(String address, int port, int bucket) {
    assertThat(Folding.hash32(Folding.fold(IpAddress.parse(address)) + port, 8)).isEqualTo(bucket);
  }

  @ParameterizedTest
  @CsvSource({"10.0.0.1,0,3711", "10.0.0.2,0,1884", "10.0.0.1,40000,2940", "10.0.0.2,40000,273"})
  void slotOfMaglevHashing(String address, int port, int slot) {
    int hash = SipHash.hash(Folding.fold(IpAddress.parse(address)) + port, OFFSET_KEY);
    assertThat(Integer.remainderUnsigned(hash, MaglevHashing.TABLE_SIZE)).isEqualTo(slot);
  }

  @Test
  void anIpv6AddressIsTheExclusiveOrOfItsWords() {
    assertThat(Folding.fold(IpAddress.parse("1:2:3:4:5:6:7:8")))
        .isEqualTo(0x0001_0002 ^ 0x0003_0004 ^ 0x0005_0006 ^ 0x0007_0008);
  }
}
