package dev.packetpath.compare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.packetpath.kubernetes.proxy.KubeVersion;
import dev.packetpath.kubernetes.proxy.ProxyMode;
import dev.packetpath.node.cost.Profile;
import dev.packetpath.node.cost.Profiles;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** C17: the API that programs older kernels is much slower. */
final class KernelEraTest {
  private static CpuCores cpu(KernelEra era, ProxyMode mode, int services) {
    Profile profile = era.of(Profiles.shipped("article-2019"));
    return new Laboratory(profile)
        .cpu(new Configuration(mode, new KubeVersion(20), false, services, 10, 1, 1_000));
  }

  private static double growth(KernelEra era, ProxyMode mode) {
    return cpu(era, mode, 5_000).total() - cpu(era, mode, 1_000).total();
  }

  @ParameterizedTest
  @EnumSource(names = {"IPTABLES", "IPVS"})
  void anOlderKernelsCpuTimeGrowsFasterWithTheServices(ProxyMode mode) {
    assertThat(growth(KernelEra.LINUX_4_4, mode))
        .isGreaterThan(growth(KernelEra.PROFILE, mode) + 0.05);
  }

  @ParameterizedTest
  @EnumSource(names = {"IPTABLES", "IPVS"})
  void onlySyncsAreSlower(ProxyMode mode) {
    CpuCores now = cpu(KernelEra.PROFILE, mode, 1_000);
    CpuCores old = cpu(KernelEra.LINUX_4_4, mode, 1_000);
    assertThat(old.sync()).isCloseTo(3.3 * now.sync(), Percentage.withPercentage(0.1));
    assertThat(old.total() - old.sync())
        .isCloseTo(now.total() - now.sync(), Percentage.withPercentage(0.1));
  }
}
