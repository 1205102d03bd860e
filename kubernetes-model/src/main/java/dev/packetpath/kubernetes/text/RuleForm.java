package dev.packetpath.kubernetes.text;

/** The two ways to write one rule. */
public enum RuleForm {
  /** What {@code iptables-save} prints once the rule is loaded (iptables 1.8.9). */
  SAVED,
  /**
   * What the program sends to {@code iptables-restore}: its options as it orders and spells them.
   */
  SENT
}
