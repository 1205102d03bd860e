/** The well-known troubles of connection tracking, each as a program that prints its trace. */
@NullMarked
package dev.packetpath.examples.conntrack;

import org.jspecify.annotations.NullMarked;
