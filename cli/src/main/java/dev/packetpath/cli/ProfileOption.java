package dev.packetpath.cli;

import static com.google.common.base.Preconditions.checkArgument;

import dev.packetpath.core.cost.UnpricedException;
import dev.packetpath.node.TextFile;
import dev.packetpath.node.cost.Profile;
import dev.packetpath.node.cost.Profiles;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** Reads what {@code --profile} names: a shipped profile, or a file. */
public final class ProfileOption {
  private ProfileOption() {}

  static Optional<Profile> read(Optional<String> name, CommandSpec spec) throws IOException {
    return name.isPresent() ? Optional.of(read(name.get(), spec)) : Optional.empty();
  }

  static Profile read(String name, CommandSpec spec) throws IOException {
    try {
      return read(name);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()));
    }
  }

  /** Returns what to tell of a profile that lacks a price: its name, and the price. */
  static IllegalArgumentException lacking(String profile, UnpricedException missing) {
    return new IllegalArgumentException(profile + ": " + missing.getMessage(), missing);
  }

  /**
   * Returns the profile.
   *
   * @param name the name of a shipped one, or of a file
   * @throws IllegalArgumentException if it can be neither
   * @throws dev.packetpath.core.SyntaxException if the file holds no profile
   */
  public static Profile read(String name) throws IOException {
    if (Profiles.names().contains(name)) {
      return Profiles.shipped(name);
    }
    Path file = Path.of(name);
    checkArgument(
        !name.isEmpty() && (Files.exists(file) || name.contains("/") || name.contains(".y")),
        "profile \"%s\", expected a file or one of %s",
        name,
        String.join(", ", Profiles.names()));
    try (Reader text = TextFile.open(file)) {
      return Profiles.read(name, text);
    }
  }
}
