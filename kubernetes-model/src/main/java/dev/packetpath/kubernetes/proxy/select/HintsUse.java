package dev.packetpath.kubernetes.proxy.select;

import com.google.common.collect.ImmutableMap;
import dev.packetpath.kubernetes.Service;
import dev.packetpath.kubernetes.proxy.KubeVersion;
import java.util.Set;

/**
 * Of which Services a release follows topology hints.
 *
 * <p>Source: kubernetes pkg/proxy/topology.go and service.go, pull request 116522, and the default
 * values of the feature gates TopologyAwareHints and ServiceTrafficDistribution by release.
 */
enum HintsUse {
  /** Up to 1.23: the feature gate is off. */
  NEVER {
    @Override
    boolean follows(Service service) {
      return false;
    }
  },

  /** 1.24 to 1.26: where {@link Service#TOPOLOGY_AWARE_HINTS} asks for it. */
  IF_AUTO {
    @Override
    boolean follows(Service service) {
      String asked = service.annotations().getOrDefault(Service.TOPOLOGY_AWARE_HINTS, "");
      return asked.equals("Auto") || asked.equals("auto");
    }
  },

  /** 1.27 to 1.30: where an annotation is anything but a no; the deprecated one goes before. */
  UNLESS_DISABLED {
    @Override
    boolean follows(Service service) {
      ImmutableMap<String, String> annotations = service.annotations();
      String asked =
          annotations.getOrDefault(
              Service.TOPOLOGY_AWARE_HINTS, annotations.getOrDefault(Service.TOPOLOGY_MODE, ""));
      return !DISABLED.contains(asked);
    }
  },

  /** On from 1.31: hints come from spec.trafficDistribution too, and no annotation is asked. */
  ALWAYS {
    @Override
    boolean follows(Service service) {
      return true;
    }
  };

  private static final Set<String> DISABLED = Set.of("", "disabled", "Disabled");

  /** Returns whether the hints of a Service's endpoints are followed. */
  abstract boolean follows(Service service);

  /** Returns what a release does with its default feature gates. */
  static HintsUse of(KubeVersion version) {
    if (version.atLeast(31)) {
      return ALWAYS;
    }
    if (version.atLeast(27)) {
      return UNLESS_DISABLED;
    }
    return version.atLeast(24) ? IF_AUTO : NEVER;
  }
}
