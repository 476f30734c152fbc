#!/bin/sh
# Stands in for a gateway: does what the file `behave` in the profile's home says.
ready() { echo >&"$HERMES_NOTIFY_FD"; exec 3>&-; }
behave=$(cat behave 2>/dev/null)
case $behave in
  exit\ *) exit "${behave#exit }" ;;
  kill\ *) kill -"${behave#kill }" $$ ;;
  crash\ once)
    if [ -e crashed ]; then ready; exec sleep 1000; fi
    : >crashed
    exit 3
    ;;
  never\ ready) exec sleep 1000 ;;
  stubborn)
    trap '' TERM
    ready
    while :; do sleep 1; done
    ;;
  leave\ a\ tool)
    setsid sleep 1001 &
    echo $! >tool.pid
    ready
    exec sleep 1000
    ;;
  *)
    ready
    exec sleep 1000
    ;;
esac
