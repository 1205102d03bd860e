package dev.packetpath.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.sessions.JqwikSession;

/**
 * Values of jqwik's generators outside of its properties: one seed gives one sequence of values.
 */
public final class Samples {
  private static final int SIZE = 1000;

  private Samples() {}

  /**
   * Returns a value of a generator.
   *
   * @param arbitrary the generator
   * @param random what the value is drawn from
   */
  public static <T> T draw(Arbitrary<T> arbitrary, Random random) {
    List<T> drawn = new ArrayList<>();
    JqwikSession.run(() -> drawn.add(arbitrary.generator(SIZE, false).next(random).value()));
    return drawn.get(0);
  }
}
