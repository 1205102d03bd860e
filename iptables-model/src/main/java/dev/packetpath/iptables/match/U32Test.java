package dev.packetpath.iptables.match;

import com.google.common.collect.ImmutableList;

/**
 * One test of {@code --u32}: a value is computed from the packet and looked for in ranges.
 *
 * @param start the offset of the first 32 bits, unsigned
 * @param steps what is done with them, at most 9
 * @param ranges in one of which the result must lie, 1 to 10
 */
public record U32Test(long start, ImmutableList<Step> steps, ImmutableList<NumberRange> ranges) {
  private static final int WORD_BYTES = 4;

  /** What a step does. */
  public enum Operator {
    /** Keeps the bits of the number. */
    AND("&"),
    /** Shifts to higher bits. */
    LEFT("<<"),
    /** Shifts to lower bits. */
    RIGHT(">>"),
    /** Moves the start of the packet on by the value so far, and reads 32 bits there. */
    AT("@");

    private final String text;

    Operator(String text) {
      this.text = text;
    }
  }

  /**
   * One operation.
   *
   * @param operator what is done
   * @param number with which number, 32 unsigned bits
   */
  public record Step(Operator operator, long number) {
    @Override
    public String toString() {
      return operator.text + "0x" + Long.toHexString(number);
    }
  }

  boolean matches(byte[] bytes) {
    long base = 0;
    if (!holdsWord(bytes, start)) {
      return false;
    }
    int value = word(bytes, start);
    for (Step step : steps) {
      switch (step.operator) {
        case AND -> value &= (int) step.number;
        case LEFT -> value <<= (int) step.number;
        case RIGHT -> value >>>= (int) step.number;
        case AT -> {
          base += Integer.toUnsignedLong(value);
          if (!holdsWord(bytes, base) || !holdsWord(bytes, base + step.number)) {
            return false;
          }
          value = word(bytes, base + step.number);
        }
      }
    }
    long result = Integer.toUnsignedLong(value);
    return ranges.stream().anyMatch(range -> range.matches(result));
  }

  private static boolean holdsWord(byte[] bytes, long offset) {
    return offset <= (long) bytes.length - WORD_BYTES;
  }

  private static int word(byte[] bytes, long offset) {
    int at = (int) offset;
    return (bytes[at] & 0xff) << 24
        | (bytes[at + 1] & 0xff) << 16
        | (bytes[at + 2] & 0xff) << 8
        | (bytes[at + 3] & 0xff);
  }

  /** Returns the test with hexadecimal numbers and no spaces. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("0x").append(Long.toHexString(start));
    steps.forEach(text::append);
    char before = '=';
    for (NumberRange range : ranges) {
      text.append(before).append("0x").append(Long.toHexString(range.first()));
      if (range.last() != range.first()) {
        text.append(":0x").append(Long.toHexString(range.last()));
      }
      before = ',';
    }
    return text.toString();
  }
}
