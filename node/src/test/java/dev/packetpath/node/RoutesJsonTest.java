package dev.packetpath.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.packetpath.core.SyntaxException;
import dev.packetpath.core.host.Device;
import dev.packetpath.core.host.RouteEntry;
import dev.packetpath.core.net.IpFamily;
import java.io.IOException;
import java.io.StringReader;
import org.junit.jupiter.api.Test;

/** What iproute2 6.1 prints of routes. */
final class RoutesJsonTest {
  private static RouteEntry route(String fields) throws IOException {
    String text = "[{" + fields.replace('\'', '"') + "}]";
    return RoutesJson.read(
            "routes.json",
            new StringReader(text),
            IpFamily.IPV4,
            new RoutingTables(),
            name -> Device.ethernet(name, 2))
        .get(0);
  }

  @Test
  void theLargestPacketOfARouteIsRead() throws IOException {
    assertThat(
            route(
                    "'dst':'10.9.4.0/24','gateway':'10.0.1.2','dev':'r1','flags':[],"
                        + "'metrics':[{'mtu':600,'hoplimit':9}]")
                .mtu())
        .isEqualTo(600);
    assertThat(route("'dst':'10.9.4.0/24','dev':'r1','flags':[]").mtu()).isZero();
  }

  @Test
  void aRouteForSomeSourcesAloneIsRefused() {
    assertThatThrownBy(() -> route("'dst':'fd55::/64','from':'fd66::/64','dev':'r1','flags':[]"))
        .isInstanceOf(SyntaxException.class)
        .hasMessageContaining("routes.json:1:");
  }

  @Test
  void aRouteIntoATunnelIsRefused() {
    assertThatThrownBy(() -> route("'dst':'10.9.4.0/24','encap':'mpls','dev':'r1','flags':[]"))
        .isInstanceOf(SyntaxException.class)
        .hasMessageContaining("a route into a tunnel");
    assertThatThrownBy(
            () ->
                route(
                    "'dst':'10.9.4.0/24','flags':[],"
                        + "'nexthops':[{'encap':'mpls','dev':'r1','flags':[]}]"))
        .isInstanceOf(SyntaxException.class)
        .hasMessageContaining("a route into a tunnel");
  }

  @Test
  void aGatewayOfTheOtherFamilyIsNoneOfItsOwn() throws IOException {
    RouteEntry route =
        route("'dst':'default','via':{'family':'inet6','host':'fe80::1'},'dev':'r1','flags':[]");
    assertThat(route.prefix().family()).isEqualTo(IpFamily.IPV4);
    assertThat(route.gateway().isAny()).isTrue();
  }
}
