package dev.packetpath.iptables;

/**
 * A rule that cannot be loaded into a host although its text is right, such as one that names a set
 * that the host does not have.
 */
public final class LoadException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String place;
  private final int line;
  private final transient Refusal refusal;

  /**
   * Creates the refusal of a rule.
   *
   * @param place the rule, for people, such as {@code filter FORWARD rule 3}
   * @param line where it stands in the text it was read from, from 1; 0 if it was not read
   * @param refusal what is there and what could be there
   */
  public LoadException(String place, int line, Refusal refusal) {
    super(
        place
            + (line == 0 ? "" : " (line " + line + ")")
            + ": found "
            + refusal.found()
            + ", expected "
            + refusal.expected());
    this.place = place;
    this.line = line;
    this.refusal = refusal;
  }

  /** Returns the rule, for people. */
  public String place() {
    return place;
  }

  /** Returns where the rule stands in the text it was read from, from 1; 0 if it was not read. */
  public int line() {
    return line;
  }

  /** Returns what is there and what could be there. */
  public Refusal refusal() {
    return refusal;
  }
}
