package dev.packetpath.kubernetes.sync;

/**
 * What kube-proxy asks of the kernel one by one: a run of a tool, a message, or a part of a text.
 */
public enum SyncOperation {
  /** A run of iptables that makes sure of a chain or of a rule. */
  IPTABLES_COMMAND("runs of iptables"),
  /** A rule in a text for iptables-restore or nft. */
  RULE("rules"),
  /** A chain that a text declares: it is made, or emptied. */
  CHAIN("chains"),
  /** A chain that a text deletes. */
  CHAIN_DELETED("chains deleted"),
  /** A run of ipset that makes sure of a set. */
  IPSET_CREATE("ipset create"),
  /** A run of ipset that lists a set. */
  IPSET_LIST("ipset list"),
  /** A run of ipset that adds an entry. */
  IPSET_ADD("ipset add"),
  /** A run of ipset that deletes an entry. */
  IPSET_DELETE("ipset del"),
  /** A message that asks for all virtual servers. */
  SERVERS_LISTED("IPVS_CMD_GET_SERVICE (dump)"),
  /** A message that asks for one virtual server. */
  SERVER_READ("IPVS_CMD_GET_SERVICE"),
  /** A message that adds a virtual server. */
  SERVER_ADDED("IPVS_CMD_NEW_SERVICE"),
  /** A message that changes a virtual server. */
  SERVER_CHANGED("IPVS_CMD_SET_SERVICE"),
  /** A message that deletes a virtual server, with its real servers. */
  SERVER_DELETED("IPVS_CMD_DEL_SERVICE"),
  /** A message that asks for the real servers of a virtual server. */
  REAL_SERVERS_LISTED("IPVS_CMD_GET_DEST (dump)"),
  /** A message that adds a real server. */
  REAL_SERVER_ADDED("IPVS_CMD_NEW_DEST"),
  /** A message that deletes a real server without connections. */
  REAL_SERVER_DELETED("IPVS_CMD_DEL_DEST"),
  /** A message that gives the device kube-ipvs0 an address. */
  ADDRESS_ADDED("RTM_NEWADDR"),
  /** A message that takes an address from the device kube-ipvs0. */
  ADDRESS_DELETED("RTM_DELADDR"),
  /** A set or map that a transaction of nft adds. */
  SET_ADDED("sets and maps"),
  /** A set or map that a transaction of nft deletes. */
  SET_DELETED("sets deleted"),
  /** An element that a transaction of nft adds. */
  ELEMENT_ADDED("elements added"),
  /** An element that a transaction of nft deletes. */
  ELEMENT_DELETED("elements deleted");

  private final String text;

  SyncOperation(String text) {
    this.text = text;
  }

  /** Returns what people call it. */
  @Override
  public String toString() {
    return text;
  }
}
