package dev.packetpath.iptables;

/**
 * Why a rule cannot be loaded where it stands.
 *
 * @param found what is there
 * @param expected what could be there
 */
public record Refusal(String found, String expected) {}
