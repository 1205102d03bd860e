package dev.packetpath.cli;

import dev.packetpath.core.SyntaxException;
import dev.packetpath.iptables.LoadException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/** Turns what went wrong into one line on stderr and exit status 1. */
final class Failures implements IExecutionExceptionHandler {
  static final int BAD_INPUT = 1;
  static final int CANNOT_WRITE = 1;

  @Override
  public int handleExecutionException(Exception failure, CommandLine command, ParseResult parsed)
      throws Exception {
    command.getErr().println("packetpath: " + explain(failure));
    return BAD_INPUT;
  }

  private static String explain(Exception failure) throws Exception {
    if (failure instanceof SyntaxException || failure instanceof LoadException) {
      return String.valueOf(failure.getMessage());
    }
    if (failure instanceof NotDirectoryException file) {
      return file.getFile() + ": found a file, expected a folder";
    }
    if (failure instanceof NoSuchFileException file) {
      String reason = file.getReason();
      return file.getFile() + ": " + (reason == null ? "no such file or folder" : reason);
    }
    if (failure instanceof AccessDeniedException file) {
      return file.getFile() + ": permission denied";
    }
    if (failure instanceof FileAlreadyExistsException file) {
      return file.getFile() + ": found a file, expected a folder or nothing";
    }
    if (failure instanceof FileSystemException file) {
      return file.getReason() == null
          ? file.getFile() + ": cannot be read or written"
          : file.getFile() + ": " + file.getReason();
    }
    if (failure instanceof IOException || failure instanceof IllegalArgumentException) {
      return String.valueOf(failure.getMessage());
    }
    throw failure;
  }
}
