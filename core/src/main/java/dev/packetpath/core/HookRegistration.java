package dev.packetpath.core;

/**
 * A function on its hook.
 *
 * @param name how traces call it
 * @param priority its place among the functions of the hook, lowest first
 * @param function what runs
 */
public record HookRegistration(String name, int priority, HookFunction function) {}
