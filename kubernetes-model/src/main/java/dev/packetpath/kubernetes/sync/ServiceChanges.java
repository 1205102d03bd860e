package dev.packetpath.kubernetes.sync;

import dev.packetpath.kubernetes.Service;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** Tells which Services are others than before, they themselves or their endpoints. */
final class ServiceChanges {
  private ServiceChanges() {}

  static Predicate<Service> between(List<Service> before, List<Service> after) {
    Set<Service> known = new HashSet<>(before);
    Set<String> changed = new HashSet<>();
    for (Service service : after) {
      if (!known.contains(service)) {
        changed.add(service.qualifiedName());
      }
    }
    return service -> changed.contains(service.qualifiedName());
  }
}
