package dev.packetpath.compare.claims;

import java.util.Locale;

/**
 * What was found of a claim.
 *
 * @param holds whether it holds
 * @param found the figures, in words
 */
record Finding(boolean holds, String found) {
  static Finding of(boolean holds, String format, Object... figures) {
    return new Finding(holds, String.format(Locale.ROOT, format, figures));
  }
}
