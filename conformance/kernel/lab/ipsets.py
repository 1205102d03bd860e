"""`ipset save` text made comparable.

The kernel seeds each hash set at random, and saves its elements in hash order; and timeouts run while we look.
"""

import re

_SEED = re.compile(r" initval 0x[0-9a-f]+")
_TIMEOUT = re.compile(r" timeout (\d+)")
TIMEOUT_SLACK_SECONDS = 2


def canonical(saved):
    """The lines, without seeds, the elements of each set sorted unless it is a list:set, where order matters."""
    lines, elements, ordered = [], [], False
    for line in saved.splitlines() + ["create"]:
        if line.startswith("add "):
            elements.append(line)
            continue
        lines += elements if ordered else sorted(elements)
        elements, ordered = [], " list:set " in line
        lines.append(_SEED.sub("", line))
    return lines[:-1]


def same(one, other):
    """Whether two canonical forms agree, remaining timeouts within a slack."""
    if [_TIMEOUT.sub("", line) for line in one] != [_TIMEOUT.sub("", line) for line in other]:
        return False
    return all(
        abs(int(left) - int(right)) <= TIMEOUT_SLACK_SECONDS
        for a, b in zip(one, other) for left, right in zip(_TIMEOUT.findall(a), _TIMEOUT.findall(b))
    )
