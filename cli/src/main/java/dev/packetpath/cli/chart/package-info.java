/** Line charts and stacked bars, drawn once and written as SVG or PNG. */
@NullMarked
package dev.packetpath.cli.chart;

import org.jspecify.annotations.NullMarked;
