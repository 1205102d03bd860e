package dev.packetpath.cli.chart;

import java.util.Locale;

/**
 * What a shape is painted with, on light and on dark ground.
 *
 * <p>The hues are those of Okabe and Ito ("Color Universal Design", 2008), which people with any
 * kind of colour vision tell apart, darkened where a thin line would be too faint on white and
 * lightened where it would be on black.
 */
public enum Ink {
  /** The ground. */
  SURFACE(0xffffff, 0x15181c),
  /** Text. */
  TEXT(0x1a1c1f, 0xe8eaed),
  /** Text that explains. */
  MUTED(0x59616a, 0xa3abb3),
  /** Lines of the grid. */
  GRID(0xe7e9ec, 0x2b3037),
  /** Axes. */
  AXIS(0x959ca5, 0x6b747e),
  /** Vermilion. */
  VERMILION(0xc44e00, 0xf07a2e),
  /** Orange. */
  ORANGE(0xe08a00, 0xf5b544),
  /** Blue. */
  BLUE(0x0072b2, 0x4da6e0),
  /** Green. */
  GREEN(0x009e73, 0x2bc394),
  /** Purple. */
  PURPLE(0xb3568d, 0xdd8fbe),
  /** Sky. */
  SKY(0x56b4e9, 0x7cc8f2),
  /** Grey. */
  GREY(0x4a4f55, 0xc5cbd1),
  /** A grey that stands back. */
  PALE(0xb4bac1, 0x565d66);

  private final int light;
  private final int dark;

  Ink(int light, int dark) {
    this.light = light;
    this.dark = dark;
  }

  /** Returns red, green and blue on light ground. */
  int light() {
    return light;
  }

  /** Returns the name of the CSS variable that holds the colour. */
  public String variable() {
    return "--" + name().toLowerCase(Locale.ROOT);
  }

  /** Returns CSS that sets the variables of all inks: light, and dark where the reader wants it. */
  public static String css() {
    StringBuilder light = new StringBuilder(":root{color-scheme:light dark;");
    StringBuilder dark = new StringBuilder("@media (prefers-color-scheme:dark){:root{");
    for (Ink ink : values()) {
      light.append(ink.variable()).append(':').append(hex(ink.light)).append(';');
      dark.append(ink.variable()).append(':').append(hex(ink.dark)).append(';');
    }
    StringBuilder print = new StringBuilder("@media print{:root{color-scheme:light;");
    for (Ink ink : values()) {
      print.append(ink.variable()).append(':').append(hex(ink.light)).append(';');
    }
    return light.append("}\n").append(dark).append("}}\n").append(print).append("}}\n").toString();
  }

  private static String hex(int rgb) {
    return String.format(Locale.ROOT, "#%06x", rgb);
  }
}
