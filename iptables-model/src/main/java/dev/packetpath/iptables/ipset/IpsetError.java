package dev.packetpath.iptables.ipset;

/** Why the kernel refuses a command, in the words of ipset 7.17. */
public enum IpsetError {
  /** No set of this name. */
  NO_SET("The set with the given name does not exist", "the name of a set"),
  /** Two sets of one name. */
  SET_EXISTS("Set cannot be created: set with the same name already exists", "another name"),
  /** To be destroyed while rules or lists refer to it. */
  IN_USE(
      "Set cannot be destroyed: it is in use by a kernel component",
      "a set that no rule and no list refers to"),
  /** To be renamed while referred to. */
  CANNOT_RENAME(
      "Set cannot be renamed: it is in use by another system", "a set without references"),
  /** To be renamed to the name of another. */
  NEW_NAME_EXISTS("Set cannot be renamed: a set with the new name already exists", "another name"),
  /** One of the two to swap is missing. */
  NO_SECOND_SET("Sets cannot be swapped: the second set does not exist", "the name of a set"),
  /** To be swapped with a set of another kind. */
  TYPE_MISMATCH(
      "The sets cannot be swapped: their type does not match", "two sets of one type and family"),
  /** Already there. */
  ELEMENT_EXISTS(
      "Element cannot be added to the set: it's already added", "a new element, or -exist"),
  /** Not there. */
  NO_ELEMENT(
      "Element cannot be deleted from the set: it's not added", "an element of the set, or -exist"),
  /** Asked for and not there. */
  NOT_IN_SET("Element is NOT in set", "an element of the set"),
  /** No room. */
  FULL("Hash is full, cannot add more elements", "at most maxelem elements"),
  /** The unspecified address in hash:ip. */
  NULL_ELEMENT(
      "Null-valued element, cannot be stored in a hash type of set", "an address other than zero"),
  /** The unspecified address in hash:ip,port. */
  INVALID("Kernel error received: Invalid argument", "an address other than zero"),
  /** A prefix of length 0 where it cannot be. */
  CIDR(
      "The value of the CIDR parameter of the IP address is invalid",
      "a prefix length of 1 or more"),
  /** The range of all addresses. */
  WHOLE_RANGE("Invalid range, covers the whole address space", "a smaller range"),
  /** Outside a bitmap. */
  OUT_OF_RANGE("Element is out of the range of the set", "an element in the range of the set"),
  /** Protocol 0. */
  PROTOCOL("Invalid protocol specified", "a protocol from 1 to 255"),
  /** A timeout in a set without. */
  NO_TIMEOUTS(
      "Timeout cannot be used: set was created without timeout support",
      "a set created with timeout"),
  /** Counters in a set without. */
  NO_COUNTERS(
      "Packet/byte counters cannot be used: set was created without counter support",
      "a set created with counters"),
  /** A comment in a set without. */
  NO_COMMENTS(
      "Comment cannot be used: set was created without comment support",
      "a set created with comment"),
  /** A mark, priority or queue in a set without. */
  NO_SKBINFO(
      "Skbinfo mapping cannot be used: set was created without skbinfo support",
      "a set created with skbinfo"),
  /** A list in a list. */
  LOOP("Sets with list:set type cannot be added to the set.", "a set that is no list"),
  /** The member is no set. */
  NO_MEMBER_SET("Set to be added/deleted/tested as element does not exist.", "the name of a set"),
  /** The neighbour is no set. */
  NO_REFERENCE_SET(
      "The set to which you referred with 'before' or 'after' does not exist.",
      "the name of a set"),
  /** The neighbour is no member. */
  NO_REFERENCE(
      "The set to which you referred with 'before' or 'after' is not added to the set.",
      "a member of the list");

  private final String message;
  private final String expected;

  IpsetError(String message, String expected) {
    this.message = message;
    this.expected = expected;
  }

  /** Returns the message of ipset 7.17. */
  public String message() {
    return message;
  }

  /** Returns what would have been right. */
  public String expected() {
    return expected;
  }
}
