#!/bin/sh
# Ends a warden that no longer renews its lease. A process of its own that holds nothing, so that nothing in the warden
# can stop it: not a blocked event loop, not SIGSTOP.
#   watchdog.sh PID TARGET LEASE FOLDER
# PID is the warden; TARGET what to kill (PID, or -PID for its whole group); LEASE the file in which the warden counts;
# FOLDER holds NAME.asked while somebody waits for it to answer a stop.
pid=$1 target=$2 lease=$3 folder=$4

# In looks of a quarter of a second: 1.25 s where somebody asked or the warden is suspended, 10 s where it is only busy.
# A busy warden begins nothing meanwhile, and it may be reading a very long page.
urgent=5 patient=40
last='' still=0

while sleep 0.25; do
  [ -e "$lease" ] || exit 0
  kill -0 "$pid" 2>/dev/null || exit 0
  beat=''
  read -r beat <"$lease"
  if [ "$beat" != "$last" ]; then
    last=$beat still=0
    continue
  fi
  still=$((still + 1))
  limit=$patient
  for asked in "$folder"/*.asked; do
    [ -e "$asked" ] && limit=$urgent
  done
  while read -r key value _; do
    [ "$key" = State: ] && break
  done 2>/dev/null <"/proc/$pid/status"
  [ "$value" = T ] && limit=$urgent
  [ "$still" -lt "$limit" ] && continue
  echo "The warden ($pid) did not renew its lease; its watchdog has ended it." >&2
  kill -9 "$target"
  exit 0
done
