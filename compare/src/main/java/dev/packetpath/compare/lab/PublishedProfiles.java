package dev.packetpath.compare.lab;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.io.Resources;
import dev.packetpath.node.cost.Profile;
import dev.packetpath.node.cost.Profiles;
import java.io.IOException;
import java.io.Reader;
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
    try (Reader text =
        Resources.asCharSource(
                Resources.getResource(PublishedProfiles.class, file), StandardCharsets.UTF_8)
            .openStream()) {
      Profile profile = Profiles.read(text, file);
      checkArgument(profile.name().equals(name), "%s is called %s", file, profile.name());
      return profile;
    } catch (IOException e) {
      throw new UncheckedIOException(file, e);
    }
  }
}
