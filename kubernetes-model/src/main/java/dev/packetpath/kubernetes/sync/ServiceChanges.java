package dev.packetpath.kubernetes.sync;

import dev.packetpath.kubernetes.Service;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** Tells which Services are others than before, they themselves or their endpoints. */
final class ServiceChanges {
  private ServiceChanges() {}

  static Predicate<Service> between(List<Service> before, List<Service> after) {
    Map<String, Service> known = new HashMap<>();
    before.forEach(service -> known.put(service.qualifiedName(), service));
    Map<String, Service> changed = new HashMap<>();
    for (Service service : after) {
      if (!service.equals(known.get(service.qualifiedName()))) {
        changed.put(service.qualifiedName(), service);
      }
    }
    return service -> changed.containsKey(service.qualifiedName());
  }
}
