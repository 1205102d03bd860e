package dev.packetpath.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Splitter;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/**
 * What {@code packetpath trace} answers to rule sets as people paste them in bug reports. The first
 * line of each file tells the command, in the folder of the rules.
 *
 * <p>{@code -Dpacketpath.regenerate=true} writes the files anew; look at the difference.
 */
final class TraceSnapshotTest {
  private static final Path FOLDER = Path.of("src/test/resources/dev/packetpath/cli/frontdoor");
  private static final String PROMPT = "$ packetpath ";

  static Stream<Path> answers() throws IOException {
    try (Stream<Path> files = Files.list(FOLDER)) {
      return files.filter(file -> file.toString().endsWith(".answer")).sorted().toList().stream();
    }
  }

  @ParameterizedTest
  @MethodSource("answers")
  void theAnswerIsTheOneThatWasLookedAt(Path file) throws IOException {
    String expected = Files.readString(file);
    String command = Splitter.on('\n').split(expected).iterator().next();

    String answer = command + "\n\n" + run(command.substring(PROMPT.length()));

    if (Boolean.getBoolean("packetpath.regenerate")) {
      Files.writeString(file, answer);
    } else {
      assertThat(answer).isEqualTo(expected);
    }
  }

  private static String run(String command) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine main =
        Main.commandLine().setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
    int status = main.execute(words(command).toArray(new String[0]));
    return out + err.toString() + (status == 0 ? "" : "exit status " + status + "\n");
  }

  /** Splits at spaces outside single quotes; names of files are those of the folder. */
  private static List<String> words(String command) {
    List<String> words = new ArrayList<>();
    int part = 0;
    for (String text : Splitter.on('\'').split(command)) {
      if (part++ % 2 == 1) {
        words.add(text);
        continue;
      }
      for (String word : Splitter.on(' ').omitEmptyStrings().split(text)) {
        words.add(word.endsWith(".txt") ? FOLDER.resolve(word).toString() : word);
      }
    }
    return words;
  }
}
