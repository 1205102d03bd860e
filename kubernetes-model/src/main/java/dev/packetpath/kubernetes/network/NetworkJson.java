package dev.packetpath.kubernetes.network;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.util.MinimalPrettyPrinter;
import dev.packetpath.core.net.IpFamily;
import java.io.IOException;
import java.io.Writer;
import java.util.List;

/** Writes devices and routes as {@code ip -j address} and {@code ip -j route} do (iproute2 6.1). */
public final class NetworkJson {
  private static final JsonFactory FACTORY =
      JsonFactory.builder().disable(StreamWriteFeature.AUTO_CLOSE_TARGET).build();

  private NetworkJson() {}

  public static void writeAddresses(List<Link> links, Writer out) throws IOException {
    try (JsonGenerator json = array(out)) {
      for (Link link : links) {
        json.writeStartObject();
        json.writeNumberField("ifindex", link.index());
        json.writeStringField("ifname", link.name());
        json.writeFieldName("flags");
        writeFlags(json, link);
        json.writeNumberField("mtu", link.isLoopback() ? 65_536 : 1500);
        json.writeStringField("operstate", link.isLoopback() ? "UNKNOWN" : "UP");
        json.writeStringField("link_type", link.isLoopback() ? "loopback" : "ether");
        json.writeStringField("address", mac(link));
        json.writeArrayFieldStart("addr_info");
        for (Link.Address address : link.addresses()) {
          json.writeStartObject();
          json.writeStringField(
              "family", address.local().family() == IpFamily.IPV4 ? "inet" : "inet6");
          json.writeStringField("local", address.local().toString());
          json.writeNumberField("prefixlen", address.prefixLength());
          json.writeStringField("scope", link.isLoopback() ? "host" : "global");
          json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeRaw('\n');
    }
  }

  private static void writeFlags(JsonGenerator json, Link link) throws IOException {
    String[] flags =
        link.isLoopback()
            ? new String[] {"LOOPBACK", "UP", "LOWER_UP"}
            : new String[] {"BROADCAST", "MULTICAST", "UP", "LOWER_UP"};
    json.writeArray(flags, 0, flags.length);
  }

  /** Returns a made-up address of a device, one that is not of any vendor. */
  private static String mac(Link link) {
    int index = link.isLoopback() ? 0 : link.index();
    return link.isLoopback()
        ? "00:00:00:00:00:00"
        : String.format("02:00:00:%02x:%02x:%02x", index >> 16, index >> 8 & 0xff, index & 0xff);
  }

  public static void writeRoutes(List<NodeRoute> routes, Writer out) throws IOException {
    try (JsonGenerator json = array(out)) {
      for (NodeRoute route : routes) {
        json.writeStartObject();
        json.writeStringField("dst", destination(route));
        if (route.gateway().isPresent()) {
          json.writeStringField("gateway", route.gateway().get().toString());
        }
        json.writeStringField("dev", route.device());
        if (route.source().isPresent()) {
          json.writeStringField("protocol", "kernel");
        }
        if (route.gateway().isEmpty()) {
          json.writeStringField("scope", "link");
        }
        if (route.source().isPresent()) {
          json.writeStringField("prefsrc", route.source().get().toString());
        }
        json.writeArrayFieldStart("flags");
        json.writeEndArray();
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeRaw('\n');
    }
  }

  private static String destination(NodeRoute route) {
    int length = route.to().length();
    if (length == 0) {
      return "default";
    }
    return length == route.to().family().bits()
        ? route.to().address().toString()
        : route.to().toString();
  }

  private static JsonGenerator array(Writer out) throws IOException {
    JsonGenerator json = FACTORY.createGenerator(out);
    json.setPrettyPrinter(new MinimalPrettyPrinter("\n"));
    json.writeStartArray();
    return json;
  }
}
