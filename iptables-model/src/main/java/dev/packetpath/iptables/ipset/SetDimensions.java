package dev.packetpath.iptables.ipset;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.base.Splitter;
import java.util.List;

/**
 * Which side of a packet fills each dimension of a set: {@code src,dst} of {@code --match-set}.
 *
 * @param size the number of dimensions, 1 to 6
 * @param sourceBits bit {@code k} tells whether dimension {@code k} is filled from the source
 */
public record SetDimensions(int size, int sourceBits) {
  /** The most dimensions that a rule can name (IPSET_DIM_MAX). */
  public static final int MAX_SIZE = 6;

  /** {@code src}. */
  public static final SetDimensions SOURCE = new SetDimensions(1, 1);

  /** {@code dst}. */
  public static final SetDimensions DESTINATION = new SetDimensions(1, 0);

  /**
   * Checks the number of dimensions.
   *
   * @throws IllegalArgumentException if it is not 1 to 6, or a bit behind the last is set
   */
  public SetDimensions {
    checkArgument(size >= 1 && size <= MAX_SIZE, "dimensions out of range 1..6: %s", size);
    checkArgument(sourceBits >>> size == 0, "%s dimensions, found flags %s", size, sourceBits);
  }

  /**
   * Returns the dimensions written as {@code src} and {@code dst} with commas.
   *
   * @throws IllegalArgumentException if the text is anything else or names more than six
   */
  public static SetDimensions parse(String text) {
    List<String> flags = Splitter.on(',').splitToList(text);
    checkArgument(
        flags.size() <= MAX_SIZE, "1 to 6 of \"src\" and \"dst\" expected, found \"%s\"", text);
    int bits = 0;
    for (int i = 0; i < flags.size(); i++) {
      switch (flags.get(i)) {
        case "src" -> bits |= 1 << i;
        case "dst" -> {}
        default ->
            throw new IllegalArgumentException(
                "\"src\" or \"dst\" expected, found \"" + flags.get(i) + "\"");
      }
    }
    return new SetDimensions(flags.size(), bits);
  }

  /** Returns whether a dimension, from 0, is filled from the source. */
  public boolean isSource(int dimension) {
    return (sourceBits >>> dimension & 1) != 0;
  }

  /** Returns {@code src} and {@code dst} with commas, as {@code iptables-save} prints them. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < size; i++) {
      text.append(i == 0 ? "" : ",").append(isSource(i) ? "src" : "dst");
    }
    return text.toString();
  }
}
