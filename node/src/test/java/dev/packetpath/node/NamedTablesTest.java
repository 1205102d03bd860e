package dev.packetpath.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.io.CharSource;
import dev.packetpath.core.host.Device;
import dev.packetpath.core.host.Network;
import dev.packetpath.core.host.Route;
import dev.packetpath.core.host.RouteQuery;
import dev.packetpath.core.net.IpAddress;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tables that {@code /etc/iproute2/rt_tables} gives names of its own. */
final class NamedTablesTest {
  private static CharSource json(String text) {
    return CharSource.wrap(text.replace('\'', '"'));
  }

  @ParameterizedTest
  @CsvSource({"1, dev eth0 via 10.0.1.1", "2, dev eth0 via 10.0.1.2", "3, dev eth0 via 10.0.1.3"})
  void aRuleLooksIntoTheTableOfItsName(int mark, String way) throws IOException {
    Network network =
        SnapshotReader.read(
                Map.of(
                    "addresses.json",
                    json(
                        "[{'ifindex':2,'ifname':'eth0','mtu':1500,'addr_info':"
                            + "[{'family':'inet','local':'10.0.1.9','prefixlen':24}]}]"),
                    "rules.json",
                    json(
                        "[{'priority':1,'src':'all','fwmark':'0x1','table':'vpn'},"
                            + "{'priority':2,'src':'all','fwmark':'0x2','table':'uplink'},"
                            + "{'priority':3,'src':'all','table':'main'}]"),
                    "routes.json",
                    json(
                        "[{'dst':'default','gateway':'10.0.1.2','dev':'eth0','table':'uplink'},"
                            + "{'dst':'default','gateway':'10.0.1.1','dev':'eth0','table':'vpn'},"
                            + "{'dst':'default','gateway':'10.0.1.3','dev':'eth0'}]")))
            .network();
    Route route =
        network.route(
            new RouteQuery(
                IpAddress.parse("8.8.8.8"), IpAddress.ANY_V4, 0, mark, Device.NONE, Device.NONE));
    assertThat(route).hasToString(way);
  }
}
