#!/usr/bin/env bash
# Collects a node snapshot: the output of ordinary commands, one file each, for packetpath --node.
# Run it as root on the node: snapshot.sh DIR. What the node does not have is left out.
set -euo pipefail
dir=${1:?usage: snapshot.sh DIR}
mkdir -p "$dir"

# collect FILE COMMAND…: keeps the output of a command that is there and succeeds.
collect() {
  local file=$dir/$1
  shift
  if command -v "$1" >/dev/null && "$@" >"$file" 2>/dev/null; then
    echo "$file"
  else
    rm -f "$file"
  fi
}

collect iptables-save.txt iptables-save -c
collect ip6tables-save.txt ip6tables-save -c
collect ipset-save.txt ipset save
collect addresses.json ip -j address
collect routes.json ip -j -4 route show table all
collect routes6.json ip -j -6 route show table all
collect rules.json ip -j -4 rule
collect rules6.json ip -j -6 rule
collect conntrack.txt conntrack -L -o extended
collect conntrack-expect.txt conntrack -L expect
collect ipvsadm-save.txt ipvsadm -S -n
collect nft-ruleset.json nft -j list ruleset
collect sysctl.txt sysctl -a -r '^net\.'
