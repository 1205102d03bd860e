package dev.packetpath.ipvs;

/** The settings that are in force; one for all parts of an {@link Ipvs}. */
final class SettingsHolder {
  private IpvsSettings settings;

  SettingsHolder(IpvsSettings settings) {
    this.settings = settings;
  }

  IpvsSettings get() {
    return settings;
  }

  boolean on(IpvsSysctl sysctl) {
    return settings.on(sysctl);
  }

  void set(IpvsSettings settings) {
    this.settings = settings;
  }
}
