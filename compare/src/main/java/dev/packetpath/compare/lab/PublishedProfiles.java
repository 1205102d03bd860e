package dev.packetpath.compare.lab;

import static com.google.common.base.Preconditions.checkArgument;

import dev.packetpath.node.cost.Profile;
import dev.packetpath.node.cost.Profiles;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The profiles of published measurements that are no experiment with modes and Services. */
final class PublishedProfiles {
  private PublishedProfiles() {}

  /**
   * Returns a profile.
   *
   * @param name the name of a file beside this class, without its ending
   */
  static Profile named(String name) {
    String file = name + ".yaml";
    try (InputStream bytes = PublishedProfiles.class.getResourceAsStream(file)) {
      checkArgument(bytes != null, "no resource %s", file);
      return Profiles.read(file, new InputStreamReader(bytes, StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(file, e);
    }
  }
}
