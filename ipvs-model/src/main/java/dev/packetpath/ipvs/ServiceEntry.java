package dev.packetpath.ipvs;

import com.google.common.collect.ImmutableList;

/**
 * A virtual service and its servers as they are written down.
 *
 * @param service the service
 * @param servers its servers, in the order in which they are added
 */
public record ServiceEntry(ServiceSpec service, ImmutableList<ServerSpec> servers) {}
