package dev.packetpath.cli;

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
final class ProfileOption {
  private ProfileOption() {}

  static Optional<Profile> read(Optional<String> name, CommandSpec spec) throws IOException {
    return name.isPresent() ? Optional.of(read(name.get(), spec)) : Optional.empty();
  }

  static Profile read(String name, CommandSpec spec) throws IOException {
    if (Profiles.names().contains(name)) {
      return Profiles.shipped(name);
    }
    Path file = Path.of(name);
    if (name.isEmpty() || !Files.exists(file) && !name.contains("/") && !name.contains(".y")) {
      throw new ParameterException(
          spec.commandLine(),
          "profile \""
              + name
              + "\", expected a file or one of "
              + String.join(", ", Profiles.names()));
    }
    try (Reader text = TextFile.open(file)) {
      return Profiles.read(text, name);
    }
  }
}
