package dev.packetpath.cli.calibrate;

/**
 * A rule set whose loading is timed.
 *
 * @param name what it is called
 * @param ruleset what iptables-restore is given
 */
record RestoreCase(String name, String ruleset) {}
