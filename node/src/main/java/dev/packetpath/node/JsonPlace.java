package dev.packetpath.node;

/**
 * A place in a JSON text.
 *
 * @param file what the text is called
 * @param line the line, from 1
 * @param column the column, from 1
 */
record JsonPlace(String file, int line, int column) {}
