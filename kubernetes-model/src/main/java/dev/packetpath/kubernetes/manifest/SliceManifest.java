package dev.packetpath.kubernetes.manifest;

import com.google.common.base.Strings;
import com.google.common.collect.ImmutableSet;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.kubernetes.Endpoint;
import dev.packetpath.kubernetes.ServiceProtocol;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointConditions;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointHints;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointPort;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.discovery.v1.ForNode;
import io.fabric8.kubernetes.api.model.discovery.v1.ForZone;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads EndpointSlices. */
final class SliceManifest {
  private static final String SERVICE = "kubernetes.io/service-name";
  private static final Map<String, IpFamily> FAMILIES =
      Map.of("IPv4", IpFamily.IPV4, "IPv6", IpFamily.IPV6);

  private SliceManifest() {}

  /** Which endpoints a Service's port has: those of its name and protocol. */
  record Key(String namespace, String service, String port, ServiceProtocol protocol) {}

  /** What takes the endpoints of a slice. */
  @FunctionalInterface
  interface Sink {
    void endpoint(Key key, Endpoint endpoint);
  }

  /** Hands over a slice's endpoints, each at each of the slice's ports. */
  static void read(ManifestObject object, Sink sink) {
    EndpointSlice slice = object.as(EndpointSlice.class);
    String service = ManifestObject.labels(slice).get(SERVICE);
    String type = Strings.nullToEmpty(slice.getAddressType());
    if (service == null || type.equals("FQDN")) {
      return;
    }
    IpFamily family = FAMILIES.get(type);
    if (family == null) {
      throw object.error("addressType", "\"" + type + "\"", "IPv4, IPv6 or FQDN");
    }
    List<EndpointPort> ports = Fields.orEmpty(slice.getPorts());
    List<io.fabric8.kubernetes.api.model.discovery.v1.Endpoint> endpoints =
        Fields.orEmpty(slice.getEndpoints());
    for (int p = 0; p < ports.size(); p++) {
      EndpointPort port = ports.get(p);
      String path = "ports[" + p + "]";
      Key key =
          new Key(
              object.namespace(),
              service,
              Strings.nullToEmpty(port.getName()),
              Fields.protocol(object, path + ".protocol", port.getProtocol()));
      if (port.getPort() == null || port.getPort() == 0) {
        continue; // kube-proxy leaves out ports without a number
      }
      int number = Fields.port(object, path + ".port", port.getPort());
      for (int e = 0; e < endpoints.size(); e++) {
        sink.endpoint(
            key, endpoint(object, "endpoints[" + e + "]", endpoints.get(e), family, number));
      }
    }
  }

  /** Returns an endpoint with the first of its addresses, the one that kube-proxy uses. */
  private static Endpoint endpoint(
      ManifestObject object,
      String path,
      io.fabric8.kubernetes.api.model.discovery.v1.Endpoint endpoint,
      IpFamily family,
      int port) {
    List<String> addresses = Fields.orEmpty(endpoint.getAddresses());
    String first = path + ".addresses[0]";
    IpAddress address = Fields.address(object, first, addresses.isEmpty() ? "" : addresses.get(0));
    if (address.family() != family) {
      throw object.error(first, address, "an address of the slice's addressType " + family);
    }
    return new Endpoint(
        address,
        port,
        Strings.nullToEmpty(endpoint.getNodeName()),
        condition(endpoint.getConditions()),
        hints(endpoint.getHints()));
  }

  private static Endpoint.Condition condition(@Nullable EndpointConditions conditions) {
    if (conditions == null) {
      return Endpoint.Condition.READY;
    }
    return new Endpoint.Condition(
        !Boolean.FALSE.equals(conditions.getReady()),
        !Boolean.FALSE.equals(conditions.getServing()),
        Boolean.TRUE.equals(conditions.getTerminating()));
  }

  private static Endpoint.Hints hints(@Nullable EndpointHints hints) {
    if (hints == null) {
      return Endpoint.Hints.NONE;
    }
    return new Endpoint.Hints(
        Fields.orEmpty(hints.getForZones()).stream()
            .map(ForZone::getName)
            .collect(ImmutableSet.toImmutableSet()),
        Fields.orEmpty(hints.getForNodes()).stream()
            .map(ForNode::getName)
            .collect(ImmutableSet.toImmutableSet()));
  }
}
