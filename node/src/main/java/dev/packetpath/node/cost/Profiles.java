package dev.packetpath.node.cost;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableSet;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Where profiles come from: shipped ones by name, and files. */
public final class Profiles {
  private static final ImmutableSet<String> NAMES =
      ImmutableSet.of("linux-6.18", "article-2019", "first-packet-2025", "ucloud-2019");

  private Profiles() {}

  /** Returns the names of the shipped profiles. */
  public static ImmutableSet<String> names() {
    return NAMES;
  }

  /**
   * Returns a shipped profile.
   *
   * @throws IllegalArgumentException if there is none of this name
   */
  public static Profile shipped(String name) {
    checkArgument(
        NAMES.contains(name), "profile \"%s\", expected one of %s", name, String.join(", ", NAMES));
    String file = name + ".yaml";
    try (InputStream bytes = Profiles.class.getResourceAsStream(file)) {
      checkArgument(bytes != null, "no resource %s", file);
      return read(file, new InputStreamReader(bytes, StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(file, e);
    }
  }

  /**
   * Reads a profile.
   *
   * @param file what the text is called in errors
   * @param text the YAML
   * @throws dev.packetpath.core.SyntaxException if it is no profile
   * @throws IOException if the reader fails
   */
  public static Profile read(String file, Reader text) throws IOException {
    return ProfileReader.read(file, text);
  }

  /** Writes a profile so that {@link #read} reads the same again. */
  public static void write(Profile profile, Appendable out) throws IOException {
    new ProfileWriter(out).write(profile);
  }
}
