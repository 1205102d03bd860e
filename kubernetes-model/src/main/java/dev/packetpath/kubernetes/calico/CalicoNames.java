package dev.packetpath.kubernetes.calico;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.hash.Hashing;
import com.google.common.io.BaseEncoding;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.kubernetes.Pod;

/** The names of Calico's devices, chains and sets. */
public final class CalicoNames {
  /** How the names of Pods' devices start. */
  static final String DEVICE_PREFIX = "cali";

  private static final int DEVICE_DIGITS = 11;
  private static final int MAX_CHAIN = 28;
  private static final int MAX_SET = 31;

  private CalicoNames() {}

  /** Returns the name of a Pod's device on its node. */
  @SuppressWarnings("deprecation") // SHA-1 is what Calico names devices by
  public static String device(Pod pod) {
    String hash = Hashing.sha1().hashString(pod.namespace() + "." + pod.name(), UTF_8).toString();
    return DEVICE_PREFIX + hash.substring(0, DEVICE_DIGITS);
  }

  /** Returns the name of a chain: the suffix, or what fits of its hash. */
  static String chain(String prefix, String suffix) {
    return limited(prefix, suffix, MAX_CHAIN);
  }

  /** Returns the name of a set. */
  static String set(IpFamily family, String id) {
    return limited(family == IpFamily.IPV4 ? "cali40" : "cali60", id, MAX_SET);
  }

  private static String limited(String prefix, String suffix, int length) {
    if (prefix.length() + suffix.length() <= length) {
      return prefix + suffix;
    }
    return (prefix + "_" + hash(suffix)).substring(0, length);
  }

  /** Returns 43 characters that stand for a text. */
  static String hash(String text) {
    return BaseEncoding.base64Url()
        .omitPadding()
        .encode(Hashing.sha256().hashString(text, UTF_8).asBytes());
  }
}
