package dev.packetpath.kubernetes.proxy;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import dev.packetpath.kubernetes.Service;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

/**
 * The order of Services in chains. kube-proxy itself goes through a Go map: it differs at each
 * sync.
 */
public sealed interface ServiceOrder {
  /** Returns the Services in this order. */
  ImmutableList<Service> arrange(ImmutableList<Service> services);

  /** As the cluster lists them. */
  record Given() implements ServiceOrder {
    @Override
    public ImmutableList<Service> arrange(ImmutableList<Service> services) {
      return services;
    }
  }

  /** By namespace and name. */
  record Sorted() implements ServiceOrder {
    @Override
    public ImmutableList<Service> arrange(ImmutableList<Service> services) {
      return ImmutableList.sortedCopyOf(Comparator.comparing(Service::qualifiedName), services);
    }
  }

  /**
   * At random.
   *
   * @param seed what decides
   */
  record Seeded(long seed) implements ServiceOrder {
    @Override
    public ImmutableList<Service> arrange(ImmutableList<Service> services) {
      List<Service> shuffled = new ArrayList<>(services);
      Collections.shuffle(shuffled, new Random(seed));
      return ImmutableList.copyOf(shuffled);
    }
  }

  /**
   * Returns the order of a text: {@code given}, {@code sorted} or {@code seed:N}.
   *
   * @throws IllegalArgumentException if it is none
   */
  static ServiceOrder parse(String text) {
    if (text.equals("given")) {
      return new Given();
    }
    if (text.equals("sorted")) {
      return new Sorted();
    }
    checkArgument(
        text.matches("seed:-?\\d{1,18}"), "order \"%s\", expected given, sorted or seed:N", text);
    return new Seeded(Long.parseLong(text.substring("seed:".length())));
  }
}
