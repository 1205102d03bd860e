package dev.packetpath.iptables.syntax;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ChainIndexTest {
  /** Without the defence each name would be compared with all before it: minutes. */
  @Test
  void namesMadeToHaveOneHashAreFoundQuickly() {
    List<ChainDraft> chains = new ArrayList<>();
    for (String name : collidingNames(100_000)) {
      chains.add(new ChainDraft(name, Optional.empty()));
    }
    assertThat(hash(chains.get(0).name())).isEqualTo(hash(chains.get(99_999).name()));

    long limit = cpuTime() + Duration.ofSeconds(10).toNanos();
    ChainIndex index = new ChainIndex();
    for (ChainDraft chain : chains) {
      index.add(chain);
      assertThat(index.find(chain.name())).isSameAs(chain);
      assertThat(cpuTime()).as("time of this thread").isLessThan(limit);
    }
    index.remove(chains.get(99_999));
    assertThat(index.find(chains.get(99_999).name())).isNull();
  }

  private static long cpuTime() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  private static int hash(String name) {
    return ChainIndex.hash(name.toCharArray(), 0, name.length());
  }

  /** Names of eight characters whose second half undoes in the hash what the first half did. */
  private static List<String> collidingNames(int count) {
    List<String> names = new ArrayList<>();
    for (long first = 0; names.size() < count; first++) {
      long start = 0x0041_0041_0041_0041L + (first >> 12 << 32) + (first & 0xfff);
      long state = (Long.rotateLeft(8, 23) ^ start) * ChainIndex.FACTOR;
      String name = characters(start) + characters(Long.rotateLeft(state, 23));
      if (name.chars().noneMatch(c -> c <= ' ' || Character.isSurrogate((char) c))) {
        names.add(name);
      }
    }
    return names;
  }

  private static String characters(long four) {
    return "" + (char) four + (char) (four >>> 16) + (char) (four >>> 32) + (char) (four >>> 48);
  }
}
