package dev.packetpath.kubernetes.proxy.iptables;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.hash.Hashing;
import com.google.common.io.BaseEncoding;

/** The names of kube-proxy's chains. */
final class ChainNames {
  static final String SERVICES = "KUBE-SERVICES";
  static final String EXTERNAL_SERVICES = "KUBE-EXTERNAL-SERVICES";
  static final String NODE_PORTS = "KUBE-NODEPORTS";
  static final String POSTROUTING = "KUBE-POSTROUTING";
  static final String MARK_MASQ = "KUBE-MARK-MASQ";
  static final String MARK_DROP = "KUBE-MARK-DROP";
  static final String FORWARD = "KUBE-FORWARD";
  static final String FIREWALL = "KUBE-FIREWALL";
  static final String PROXY_FIREWALL = "KUBE-PROXY-FIREWALL";
  static final String CANARY = "KUBE-PROXY-CANARY";

  static final String SERVICE = "KUBE-SVC-";
  static final String LOCAL = "KUBE-SVL-";
  static final String EXTERNAL = "KUBE-EXT-";
  static final String SERVICE_FIREWALL = "KUBE-FW-";
  static final String LOAD_BALANCER = "KUBE-XLB-";
  static final String ENDPOINT = "KUBE-SEP-";

  /** 80 bits of the digest are 16 characters. */
  private static final int HASH_BYTES = 10;

  private ChainNames() {}

  /** Returns the 16 characters that stand for a Service's port or an endpoint in a name. */
  static String hash(String text) {
    byte[] digest = Hashing.sha256().hashString(text, UTF_8).asBytes();
    return BaseEncoding.base32().encode(digest, 0, HASH_BYTES);
  }
}
