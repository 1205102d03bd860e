package dev.packetpath.kubernetes.proxy.nftables;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.hash.Hashing;
import com.google.common.io.BaseEncoding;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.kubernetes.Endpoint;
import dev.packetpath.kubernetes.proxy.select.ProxiedPort;

/** The names of kube-proxy's chains and sets in nftables: 8 characters of a hash, and the words. */
final class NftNames {
  static final String MARK_MASQUERADE = "mark-for-masquerade";
  static final String MASQUERADING = "masquerading";
  static final String SERVICES = "services";
  static final String REJECT = "reject-chain";
  static final String SERVICE_ENDPOINTS_CHECK = "service-endpoints-check";
  static final String NODE_PORT_ENDPOINTS_CHECK = "nodeport-endpoints-check";
  static final String FIREWALL_CHECK = "firewall-check";
  static final String CLUSTER_IPS_CHECK = "cluster-ips-check";

  static final String SERVICE_IPS = "service-ips";
  static final String SERVICE_NODE_PORTS = "service-nodeports";
  static final String NO_ENDPOINT_SERVICES = "no-endpoint-services";
  static final String NO_ENDPOINT_NODE_PORTS = "no-endpoint-nodeports";
  static final String FIREWALL_IPS = "firewall-ips";
  static final String CLUSTER_IPS = "cluster-ips";
  static final String NODE_PORT_IPS = "nodeport-ips";

  static final String SERVICE = "service-";
  static final String LOCAL = "local-";
  static final String EXTERNAL = "external-";
  static final String FIREWALL = "firewall-";
  static final String ENDPOINT = "endpoint-";
  static final String AFFINITY = "affinity-";

  private static final int HASH_BYTES = 5;
  private static final int MAX_LENGTH = 240;
  private static final String ELLIPSIS = "...";

  private NftNames() {}

  /** Returns what stands for a port in names. */
  static String of(ProxiedPort port) {
    return hashed(words(port));
  }

  private static String words(ProxiedPort port) {
    return port.service().qualifiedName() + "/" + port.protocol() + "/" + port.port().name();
  }

  /** Returns what stands for an endpoint of a port in names. */
  static String of(ProxiedPort port, Endpoint endpoint) {
    String address = endpoint.address().toString();
    return hashed(
        words(port)
            + "__"
            + (endpoint.address().family() == IpFamily.IPV6 ? address.replace(':', '.') : address)
            + "/"
            + endpoint.port());
  }

  /**
   * Returns the words with 8 characters of their SHA-256 in base 32 before them, cut to 240
   * characters.
   */
  static String hashed(String words) {
    byte[] digest = Hashing.sha256().hashString(words, UTF_8).asBytes();
    String name = BaseEncoding.base32().encode(digest, 0, HASH_BYTES) + "-" + words;
    return name.length() <= MAX_LENGTH
        ? name
        : name.substring(0, MAX_LENGTH - ELLIPSIS.length()) + ELLIPSIS;
  }
}
