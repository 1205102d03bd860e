package dev.packetpath.cli;

import dev.packetpath.node.ExampleNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code packetpath example}: the example node's files out. */
@Command(
    name = "example",
    mixinStandardHelpOptions = true,
    description = "Write the files of the example node, to look at and to change.")
final class ExampleCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "DIR",
      converter = OutputFolder.Converter.class,
      description = "where they go; made if absent")
  private Path folder = Path.of("");

  @Override
  public Integer call() throws IOException {
    for (String name : ExampleNode.writeTo(folder)) {
      spec.commandLine().getOut().println(folder.resolve(name));
    }
    return 0;
  }
}
