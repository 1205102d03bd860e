package dev.packetpath.kubernetes.proxy;

import static com.google.common.base.Preconditions.checkArgument;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A release of Kubernetes 1.
 *
 * @param minor the number behind {@code 1.}
 */
public record KubeVersion(int minor) {
  /** The release whose programs are written unless another is asked for. */
  public static final KubeVersion CURRENT = new KubeVersion(34);

  private static final int OLDEST = 14;
  private static final Pattern TEXT = Pattern.compile("v?1\\.(\\d{1,3})(?:\\..*)?");

  /** Checks that the release is a known one or a later one. */
  public KubeVersion {
    checkArgument(minor >= OLDEST, "Kubernetes 1.%s, expected 1.%s or later", minor, OLDEST);
  }

  /**
   * Returns the release of a text such as {@code 1.20} or {@code v1.20.4}.
   *
   * @throws IllegalArgumentException if it is none, or older than 1.14
   */
  public static KubeVersion parse(String text) {
    Matcher matcher = TEXT.matcher(text);
    checkArgument(matcher.matches(), "release \"%s\", expected one such as 1.20", text);
    return new KubeVersion(Integer.parseInt(matcher.group(1)));
  }

  /** Returns whether this is {@code 1.minor} or later. */
  public boolean atLeast(int otherMinor) {
    return minor >= otherMinor;
  }

  @Override
  public String toString() {
    return "1." + minor;
  }
}
