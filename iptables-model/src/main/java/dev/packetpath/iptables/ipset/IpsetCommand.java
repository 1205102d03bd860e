package dev.packetpath.iptables.ipset;

/** One line of {@code ipset restore}. An empty set name stands for all sets. */
public sealed interface IpsetCommand {
  /**
   * Makes a set.
   *
   * @param spec the set
   * @param exist whether a set of the same name and form is fine
   */
  record Create(SetSpec spec, boolean exist) implements IpsetCommand {}

  /**
   * Adds elements.
   *
   * @param set the set
   * @param entry the elements
   * @param exist whether those already there are overwritten
   */
  record Add(String set, SetEntry entry, boolean exist) implements IpsetCommand {}

  /**
   * Removes elements.
   *
   * @param set the set
   * @param entry the elements
   * @param exist whether those not there are passed over
   */
  record Delete(String set, SetEntry entry, boolean exist) implements IpsetCommand {}

  /**
   * Asks for an element; changes nothing. The answer no ends a text of commands.
   *
   * @param set the set
   * @param entry the element
   */
  record Test(String set, SetEntry entry) implements IpsetCommand {}

  /**
   * Removes all elements.
   *
   * @param set the set, "" for all
   */
  record Flush(String set) implements IpsetCommand {}

  /**
   * Removes a set.
   *
   * @param set the set, "" for all
   */
  record Destroy(String set) implements IpsetCommand {}

  /**
   * Gives a set another name.
   *
   * @param from its name
   * @param to its new name
   */
  record Rename(String from, String to) implements IpsetCommand {}

  /**
   * Exchanges what two sets hold, so that what refers to one finds the other.
   *
   * @param first one set
   * @param second the other
   */
  record Swap(String first, String second) implements IpsetCommand {}
}
