package dev.packetpath.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import com.google.common.collect.ImmutableList;
import dev.packetpath.kubernetes.proxy.KubeVersion;
import dev.packetpath.kubernetes.proxy.ProxyMode;
import org.junit.jupiter.api.Test;

final class SweepTest {
  @Test
  void iptablesStandsForBothLayouts() {
    ImmutableList<Configuration> all =
        sweep(ImmutableList.of(10, 100), ImmutableList.of(1, 100)).configurations();
    assertThat(all).hasSize(3 * 2 * 2);
    assertThat(all.stream().map(Variant::of).map(Variant::text).distinct())
        .containsExactly("iptables 1.20", "iptables current", "ipvs");
    assertThat(all.subList(0, 2))
        .extracting(Configuration::services, Configuration::keepalive)
        .containsExactly(tuple(10, 1), tuple(100, 1));
  }

  @Test
  void nothingIsAskedForTwiceOrNotAtAll() {
    assertThatThrownBy(() -> sweep(ImmutableList.of(10, 10), ImmutableList.of(1)))
        .hasMessage("services: [10, 10], expected each once");
    assertThatThrownBy(() -> sweep(ImmutableList.of(10), ImmutableList.of()))
        .hasMessage("keepalive: none, expected at least one");
  }

  private static Sweep sweep(ImmutableList<Integer> services, ImmutableList<Integer> keepalives) {
    return new Sweep(
        ImmutableList.of(ProxyMode.IPTABLES, ProxyMode.IPVS),
        services,
        10,
        keepalives,
        1000,
        false,
        KubeVersion.CURRENT);
  }
}
