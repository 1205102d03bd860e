package dev.packetpath.cli.ipvs;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.collect.ImmutableSet;
import dev.packetpath.ipvs.IpvsSettings;
import dev.packetpath.ipvs.IpvsSysctl;
import java.util.Map;

/** Settings under net.ipv4.vs as scenarios write them. */
final class SysctlJson {
  /** What decides about nothing that scenarios show. */
  private static final ImmutableSet<String> WITHOUT_EFFECT =
      ImmutableSet.of("run_estimation", "pmtu_disc", "ignore_tunneled", "schedule_icmp");

  private SysctlJson() {}

  static IpvsSettings settings(Place place, JsonNode json) {
    IpvsSettings settings = IpvsSettings.DEFAULTS;
    for (Map.Entry<String, JsonNode> entry : json.properties()) {
      settings = with(place, settings, entry.getKey(), entry.getValue());
    }
    return settings;
  }

  /** Returns settings after a step that names one and its value, or several by their names. */
  static IpvsSettings changed(Place place, IpvsSettings settings, JsonNode step) {
    IpvsSettings changed = settings;
    for (String name : new String[] {"name", "key", "sysctl"}) {
      if (step.path(name).isTextual()) {
        JsonNode value = step.has("value") ? step.path("value") : step.path("v");
        changed = with(place, changed, step.path(name).asText(), value);
      }
    }
    for (Map.Entry<String, JsonNode> entry : step.path("sysctl").properties()) {
      changed = with(place, changed, entry.getKey(), entry.getValue());
    }
    for (IpvsSysctl sysctl : IpvsSysctl.values()) {
      if (step.has(sysctl.key())) {
        changed = with(place, changed, sysctl.key(), step.path(sysctl.key()));
      }
    }
    return changed;
  }

  private static IpvsSettings with(
      Place place, IpvsSettings settings, String name, JsonNode value) {
    String key = name.substring(name.lastIndexOf('.') + 1);
    for (IpvsSysctl sysctl : IpvsSysctl.values()) {
      if (sysctl.key().equals(key)) {
        int number =
            place.check(() -> Integer.parseInt(value.asText()), "\"" + name + "\": " + value);
        return settings.with(sysctl, number);
      }
    }
    if (WITHOUT_EFFECT.contains(key) || key.startsWith("sync_") || key.startsWith("est_")) {
      return settings;
    }
    throw place.error("setting \"" + name + "\"", "one of net.ipv4.vs that ip_vs heeds");
  }
}
