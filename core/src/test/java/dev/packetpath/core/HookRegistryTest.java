package dev.packetpath.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.packetpath.core.net.IpFamily;
import org.junit.jupiter.api.Test;

final class HookRegistryTest {
  private final HookRegistry registry = new HookRegistry();

  @Test
  void runsTheLowestPriorityFirst() {
    register("filter", 0);
    register("raw", -300);
    register("confirm", Integer.MAX_VALUE);
    register("mangle", -150);
    assertThat(names()).containsExactly("raw", "mangle", "filter", "confirm");
  }

  @Test
  void runsTheLastRegisteredFirstAmongEqualPriorities() {
    register("first", 0);
    register("second", 0);
    assertThat(names()).containsExactly("second", "first");
  }

  @Test
  void keepsFamiliesAndHooksApart() {
    register("filter", 0);
    assertThat(registry.at(IpFamily.IPV6, Hook.INPUT)).isEmpty();
    assertThat(registry.at(IpFamily.IPV4, Hook.FORWARD)).isEmpty();
  }

  @Test
  void forgetsWhatIsUnregistered() {
    register("filter", 0);
    register("raw", -300);
    registry.unregister(IpFamily.IPV4, Hook.INPUT, "raw");
    assertThat(names()).containsExactly("filter");
  }

  private void register(String name, int priority) {
    registry.register(IpFamily.IPV4, Hook.INPUT, priority, name, (packet, state) -> Verdict.ACCEPT);
  }

  private java.util.List<String> names() {
    return registry.at(IpFamily.IPV4, Hook.INPUT).stream().map(HookRegistration::name).toList();
  }
}
