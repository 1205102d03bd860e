/** What a person sees of the experiment: tables, files, charts and the page. */
@NullMarked
package dev.packetpath.cli.compare;

import org.jspecify.annotations.NullMarked;
