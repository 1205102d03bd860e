"""A small laboratory around the real kernel: namespaces, packets, rules and what became of them."""
