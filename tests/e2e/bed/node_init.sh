#!/bin/bash
# First process of a node: keeps the node's programs running, as systemd does in a kind node.
# Each file in /etc/bed/units is one program. SIGHUP starts the ones that were added since.
# A file /etc/bed/stopped/NAME keeps a program down until it is removed.
set -u
rm -rf /etc/bed/stopped
mkdir -p /etc/bed/stopped /etc/bed/units
declare -A started=()

supervise() {
  local name=$1
  while :; do
    while [ -e "/etc/bed/stopped/$name" ]; do sleep 0.2; done
    bash "/etc/bed/units/$name" >>"/var/log/$name.log" 2>&1
    sleep 0.3
  done
}

start_units() {
  local file name
  for file in /etc/bed/units/*; do
    name=${file##*/}
    [ -f "$file" ] && [ -z "${started[$name]:-}" ] || continue
    started[$name]=1
    supervise "$name" &
  done
}

trap start_units HUP
trap 'kill -KILL -1; exit 130' TERM INT
start_units
while :; do
  sleep infinity &
  wait $!
done
