package dev.packetpath.conntrack;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import dev.packetpath.core.host.RecordedPath;
import org.junit.jupiter.api.Test;

class NodePathsTest {
  private static final int SLOT_V4 = 2 * 5_001;
  private static final int SLOT_V6 = 2 * 7_000 + 1;

  private final RecordedPath path = new Router().host.recording().closed();
  private final NodePaths paths = new NodePaths();

  /** Room is made for both directions, whichever is remembered first. */
  @Test
  void bothPathsOfASlotAreForgotten() {
    for (int slot : ImmutableList.of(SLOT_V4, SLOT_V6)) {
      for (int direction = 1; direction >= 0; direction--) {
        paths.put(slot << 1 | direction, path);
      }
      paths.forget(slot);
      for (int direction = 0; direction < 2; direction++) {
        assertThat(paths.get(slot << 1 | direction)).isSameAs(RecordedPath.NONE);
      }
    }
  }

  @Test
  void pathsOfOtherSlotsStay() {
    for (int slot : ImmutableList.of(SLOT_V4 - 2, SLOT_V4, SLOT_V4 + 2, SLOT_V6)) {
      paths.put(slot << 1, path);
      paths.put(slot << 1 | 1, path);
    }
    paths.forget(SLOT_V4);
    paths.forget(1_000_000);
    assertThat(paths.get((SLOT_V4 - 2) << 1 | 1)).isSameAs(path);
    assertThat(paths.get((SLOT_V4 + 2) << 1)).isSameAs(path);
    assertThat(paths.get(SLOT_V6 << 1)).isSameAs(path);
  }
}
