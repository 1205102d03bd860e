"""The Internet checksum (RFC 1071) and SCTP's CRC-32C (RFC 9260, appendix A)."""


def internet(data, start=0):
    if len(data) & 1:
        data += b"\0"
    total = start + sum(memoryview(data).cast("H")) if data else start
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    # The sum was taken in host order; swapping the result is the same as swapping every word.
    total = ((total & 0xFF) << 8) | (total >> 8)
    return ~total & 0xFFFF


def _crc_table():
    table = []
    for value in range(256):
        for _ in range(8):
            value = (value >> 1) ^ (0x82F63B78 if value & 1 else 0)
        table.append(value)
    return table


_TABLE = _crc_table()


def crc32c(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc = _TABLE[(crc ^ byte) & 0xFF] ^ (crc >> 8)
    return crc ^ 0xFFFFFFFF
