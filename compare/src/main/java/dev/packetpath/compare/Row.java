package dev.packetpath.compare;

/**
 * What the experiment says of one configuration.
 *
 * @param configuration the configuration
 * @param responseTime how long requests took
 * @param cpu what they cost
 * @param rulesPerNewConnection rules that the packet that starts a connection meets
 * @param rulesPerEstablishedPacket rules that a later packet meets, in the mean
 */
public record Row(
    Configuration configuration,
    ResponseTime responseTime,
    CpuCores cpu,
    RulesPerConnection rulesPerNewConnection,
    double rulesPerEstablishedPacket) {}
