package dev.packetpath.ipvs.syntax;

import com.google.common.collect.ImmutableList;
import dev.packetpath.core.SyntaxException;
import dev.packetpath.ipvs.ServerSpec;
import dev.packetpath.ipvs.ServiceEntry;
import dev.packetpath.ipvs.ServiceKey;
import dev.packetpath.ipvs.ServiceSpec;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Reads what {@code ipvsadm -S -n} prints and {@code ipvsadm -R} takes: a command a line, with
 * short or long options (ipvsadm 1.31, held to what it did on Linux 6.1.192). Commands that list,
 * save, set timeouts or synchronize are refused. Lines that begin with {@code #} are passed over,
 * which the tool would not do.
 */
public final class IpvsadmReader {
  private record Draft(ServiceSpec service, Map<String, ServerSpec> servers) {}

  private final Map<ServiceKey, Draft> services = new LinkedHashMap<>();

  private IpvsadmReader() {}

  /**
   * Returns the services with their servers, in the order of the text.
   *
   * @param file what the text is called in errors
   * @throws SyntaxException at the first thing that ipvsadm or the kernel would not take: an
   *     unknown option or scheduler, a value out of range, a service or server that is there
   *     already, a server of a service that is not, or of another family without a tunnel
   * @throws IOException if the reader fails
   */
  public static ImmutableList<ServiceEntry> read(String file, Reader text) throws IOException {
    IpvsadmReader reader = new IpvsadmReader();
    BufferedReader lines = new BufferedReader(text);
    int number = 1;
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      if (!line.isBlank() && !line.strip().startsWith("#")) {
        reader.run(IpvsadmLine.read(file, number, line));
      }
      number++;
    }
    return reader.services.values().stream()
        .map(draft -> new ServiceEntry(draft.service, ImmutableList.copyOf(draft.servers.values())))
        .collect(ImmutableList.toImmutableList());
  }

  private void run(IpvsadmLine line) {
    switch (line.command()) {
      case ADD_SERVICE -> addService(line);
      case EDIT_SERVICE -> {
        Draft draft = draft(line);
        services.put(line.key(), new Draft(ServiceOptions.read(line), draft.servers));
      }
      case DELETE_SERVICE -> services.remove(draft(line).service.key());
      case ADD_SERVER -> addServer(line);
      case EDIT_SERVER -> {
        Draft draft = draft(line);
        ServerSpec server = ServerOptions.read(line);
        draft.servers.put(known(draft, server, line), server);
      }
      case DELETE_SERVER -> {
        Draft draft = draft(line);
        draft.servers.remove(known(draft, ServerOptions.name(line), line));
      }
      case CLEAR -> services.clear();
      case ZERO -> {
        if (line.hasKey()) {
          draft(line);
        }
      }
    }
  }

  private void addService(IpvsadmLine line) {
    ServiceSpec service = ServiceOptions.read(line);
    Draft old = services.putIfAbsent(service.key(), new Draft(service, new LinkedHashMap<>()));
    if (old != null) {
      throw line.error(line.keyColumn(), "service " + service.key() + " again", "another service");
    }
  }

  private Draft draft(IpvsadmLine line) {
    Draft draft = services.get(line.key());
    if (draft == null) {
      throw line.error(
          line.keyColumn(), "no service " + line.key() + " so far", "a service of a line before");
    }
    return draft;
  }

  private void addServer(IpvsadmLine line) {
    Draft draft = draft(line);
    ServerSpec server = ServerOptions.read(line);
    if (draft.servers.putIfAbsent(server.toString(), server) != null) {
      throw line.error(
          ServerOptions.column(line),
          "server " + server + " again in service " + line.key(),
          "another server");
    }
  }

  private static String known(Draft draft, ServerSpec server, IpvsadmLine line) {
    String name = server.toString();
    if (!draft.servers.containsKey(name)) {
      throw line.error(
          ServerOptions.column(line),
          "no server " + server + " in service " + line.key(),
          "a server of a line before");
    }
    return name;
  }
}
