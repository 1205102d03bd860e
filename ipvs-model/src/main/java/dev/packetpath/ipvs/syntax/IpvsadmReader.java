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
 * Reads what {@code ipvsadm -S -n} prints and {@code ipvsadm -R} takes: services ({@code -A}) and
 * servers ({@code -a}), one a line, with short or long options (ipvsadm 1.31).
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
        reader.add(IpvsadmLine.read(file, number, line));
      }
      number++;
    }
    return reader.services.values().stream()
        .map(draft -> new ServiceEntry(draft.service, ImmutableList.copyOf(draft.servers.values())))
        .collect(ImmutableList.toImmutableList());
  }

  private void add(IpvsadmLine line) {
    if (line.isService()) {
      ServiceSpec service = line.service();
      Draft old = services.putIfAbsent(service.key(), new Draft(service, new LinkedHashMap<>()));
      if (old != null) {
        throw line.error(
            line.keyColumn(), "service " + service.key() + " again", "another service");
      }
      return;
    }
    Draft draft = services.get(line.key());
    if (draft == null) {
      throw line.error(
          line.keyColumn(), "no service " + line.key() + " so far", "a service of a line before");
    }
    ServerSpec server = line.server();
    if (draft.servers.putIfAbsent(server.toString(), server) != null) {
      throw line.error(
          line.serverColumn(),
          "server " + server + " again in service " + line.key(),
          "another server");
    }
  }
}
