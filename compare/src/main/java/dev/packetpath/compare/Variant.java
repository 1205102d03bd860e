package dev.packetpath.compare;

import dev.packetpath.kubernetes.proxy.ProxyMode;
import java.util.Locale;

/**
 * A mode in one of the layouts of its rules.
 *
 * @param mode the mode
 * @param layout {@code 1.20}, two rules a Service in KUBE-SERVICES of iptables, or {@code current}
 */
public record Variant(ProxyMode mode, String layout) {
  private static final String OLD = "1.20";
  private static final String CURRENT = "current";
  private static final int ONE_RULE_A_SERVICE = 21;

  /** Returns the variant of a configuration. */
  public static Variant of(Configuration configuration) {
    return new Variant(
        configuration.mode(), configuration.version().atLeast(ONE_RULE_A_SERVICE) ? CURRENT : OLD);
  }

  /** Returns the mode as kube-proxy's option writes it. */
  public String modeName() {
    return mode.name().toLowerCase(Locale.ROOT);
  }

  /** Returns whether this is the layout of today's releases. */
  public boolean isCurrent() {
    return layout.equals(CURRENT);
  }

  /** Returns its name, with the layout where layouts differ: {@code iptables 1.20}. */
  public String text() {
    return mode == ProxyMode.IPTABLES ? modeName() + " " + layout : modeName();
  }
}
