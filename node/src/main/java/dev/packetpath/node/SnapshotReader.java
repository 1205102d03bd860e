package dev.packetpath.node;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.io.CharSource;
import dev.packetpath.conntrack.ConntrackText;
import dev.packetpath.conntrack.ExpectationText;
import dev.packetpath.core.VirtualClock;
import dev.packetpath.core.Work;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.iptables.Ruleset;
import dev.packetpath.iptables.ipset.IpSets;
import dev.packetpath.iptables.ipset.IpsetCommand;
import dev.packetpath.iptables.ipset.IpsetReader;
import dev.packetpath.iptables.syntax.ReadMode;
import dev.packetpath.iptables.syntax.ReadNote;
import dev.packetpath.iptables.syntax.RestoreParser;
import dev.packetpath.ipvs.syntax.IpvsadmReader;
import dev.packetpath.nftables.NftJsonReader;
import dev.packetpath.nftables.NftTable;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Reads the folder of a node snapshot: the output of ordinary commands, any of them absent. */
public final class SnapshotReader {
  private static final List<String> FILES =
      List.of(
          "iptables-save.txt",
          "ip6tables-save.txt",
          "ipset-save.txt",
          "ipvsadm-save.txt",
          "nft-ruleset.json",
          "addresses.json",
          "routes.json",
          "conntrack.txt",
          "conntrack-expect.txt",
          "sysctl.txt");

  private SnapshotReader() {}

  /**
   * Returns the snapshot that a folder holds.
   *
   * @throws dev.packetpath.core.SyntaxException at the first place that cannot be read
   * @throws NoSuchFileException if there is no such folder, or nothing of a snapshot in it
   * @throws IOException if reading fails
   */
  public static NodeSnapshot read(Path folder) throws IOException {
    return read(folder, ReadMode.STRICT, note -> {});
  }

  /**
   * Returns the snapshot that a folder holds.
   *
   * @param mode how strictly the rules are read
   * @param notes takes what a lenient reading let pass
   * @throws dev.packetpath.core.SyntaxException at the first place that cannot be read
   * @throws NoSuchFileException if there is no such folder, or nothing of a snapshot in it
   * @throws IOException if reading fails
   */
  public static NodeSnapshot read(Path folder, ReadMode mode, Consumer<ReadNote> notes)
      throws IOException {
    if (!Files.exists(folder)) {
      throw new NoSuchFileException(folder.toString());
    }
    if (!Files.isDirectory(folder)) {
      throw new NotDirectoryException(folder.toString());
    }
    SnapshotFiles files = SnapshotFiles.in(folder);
    if (FILES.stream().noneMatch(files::has)) {
      throw new NoSuchFileException(
          folder.toString(), null, "holds none of " + String.join(", ", FILES));
    }
    return read(files, mode, notes);
  }

  /**
   * Returns the snapshot that some texts make.
   *
   * @param texts the files' texts by their names; other names have no effect
   * @throws dev.packetpath.core.SyntaxException at the first place that cannot be read
   * @throws IOException if reading fails
   */
  public static NodeSnapshot read(Map<String, CharSource> texts) throws IOException {
    return read(SnapshotFiles.of(ImmutableMap.copyOf(texts)), ReadMode.STRICT, note -> {});
  }

  static NodeSnapshot read(SnapshotFiles files, ReadMode mode, Consumer<ReadNote> notes)
      throws IOException {
    NodeSnapshot.Builder snapshot = NodeSnapshot.builder();
    readRules(files, "iptables-save.txt", IpFamily.IPV4, snapshot, mode, notes);
    readRules(files, "ip6tables-save.txt", IpFamily.IPV6, snapshot, mode, notes);
    snapshot.sets(files.read("ipset-save.txt", SnapshotReader::readSets, ImmutableList.of()));
    if (files.has("ipvsadm-save.txt")) {
      snapshot.virtualServices(
          files.read("ipvsadm-save.txt", IpvsadmReader::read, ImmutableList.of()));
    }
    snapshot.nftTables(
        files.read("nft-ruleset.json", NftJsonReader::read, ImmutableList.<NftTable>of()));
    snapshot.network(NetworkFiles.read(files));
    snapshot.sysctls(files.read("sysctl.txt", SysctlText::read, NodeSnapshot.ASSUMED_SYSCTLS));
    if (files.has("conntrack.txt")) {
      snapshot.connections(files.read("conntrack.txt", ConntrackText::read, ImmutableList.of()));
    }
    snapshot.expectations(
        files.read("conntrack-expect.txt", ExpectationText::read, ImmutableList.of()));
    return snapshot.build();
  }

  private static void readRules(
      SnapshotFiles files,
      String name,
      IpFamily family,
      NodeSnapshot.Builder snapshot,
      ReadMode mode,
      Consumer<ReadNote> notes)
      throws IOException {
    if (files.has(name)) {
      snapshot.ruleset(
          files.read(
              name,
              (file, text) -> {
                RestoreParser parser = new RestoreParser(file, family, mode);
                Ruleset ruleset = parser.read(text);
                parser.notes().forEach(notes);
                return ruleset;
              },
              Ruleset.empty(family)));
    }
  }

  /**
   * Reads what {@code ipset save} prints, or anything else that {@code ipset restore} takes.
   *
   * @param file what the text is called in errors
   * @throws dev.packetpath.core.SyntaxException at the first line that the kernel would refuse
   * @throws IOException if the reader fails
   */
  public static ImmutableList<IpsetCommand> readSets(String file, Reader text) throws IOException {
    IpSets trial = new IpSets(new VirtualClock(), new Work());
    ImmutableList.Builder<IpsetCommand> commands = ImmutableList.builder();
    new IpsetReader(file, false)
        .read(
            text,
            command -> {
              trial.apply(command);
              commands.add(command);
            });
    return commands.build();
  }
}
