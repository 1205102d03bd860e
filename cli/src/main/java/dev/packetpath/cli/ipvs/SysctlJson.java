package dev.packetpath.cli.ipvs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableSet;
import dev.packetpath.ipvs.IpvsSettings;
import dev.packetpath.ipvs.IpvsSysctl;
import java.util.Map;

/** Settings under net.ipv4.vs as scenarios write them. */
final class SysctlJson {
  /** What decides about nothing that scenarios show. */
  private static final ImmutableSet<String> WITHOUT_EFFECT =
      ImmutableSet.of("run_estimation", "pmtu_disc", "ignore_tunneled", "schedule_icmp");

  private static final ImmutableSet<String> NAMES = ImmutableSet.of("name", "key", "sysctl");
  private static final ImmutableSet<String> VALUES = ImmutableSet.of("value", "v", "val");
  private static final ImmutableSet<String> BESIDE = ImmutableSet.of("op", "note");

  private SysctlJson() {}

  /** Returns the settings that a scenario begins with. */
  static IpvsSettings settings(Place place, ObjectNode scenario) {
    IpvsSettings settings = IpvsSettings.DEFAULTS;
    if (!scenario.has("sysctl")) {
      return settings;
    }
    for (Map.Entry<String, JsonNode> entry : place.object(scenario, "sysctl").properties()) {
      settings = with(place, settings, entry.getKey(), entry.getValue());
    }
    return settings;
  }

  /**
   * Returns settings after a step that names one and its value, or several by their names: {@code
   * {"name": "conn_reuse_mode", "value": 0}}, {@code {"sysctl": {"conn_reuse_mode": 0}}} or {@code
   * {"conn_reuse_mode": 0}}.
   */
  static IpvsSettings changed(Place place, IpvsSettings settings, ObjectNode step) {
    IpvsSettings changed = settings;
    for (Map.Entry<String, JsonNode> entry : step.properties()) {
      String field = entry.getKey();
      JsonNode value = entry.getValue();
      if (value.isObject()) {
        for (Map.Entry<String, JsonNode> setting : value.properties()) {
          changed = with(place, changed, setting.getKey(), setting.getValue());
        }
      } else if (NAMES.contains(field)) {
        changed = with(place, changed, value.asText(), value(place, step));
      } else if (!VALUES.contains(field) && !BESIDE.contains(field)) {
        changed = with(place, changed, field, value);
      }
    }
    return changed;
  }

  private static JsonNode value(Place place, ObjectNode step) {
    for (String field : VALUES) {
      if (step.has(field)) {
        return step.path(field);
      }
    }
    throw place.error("no \"value\"", "a number for the setting");
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
