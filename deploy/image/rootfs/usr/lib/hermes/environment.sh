# shellcheck shell=sh disable=SC2034
# The shared settings and functions of the image's scripts.
umask 022

# As dropServiceLinks of @hermes/drain-contract: a Kubernetes Service named hermes-dashboard sets HERMES_DASHBOARD_PORT to its address.
service_links=$(env | sed -nE '/^(HERMES|API_SERVER|DRAINCTL|S6_PROFILE_GATEWAY)_[A-Za-z0-9_]*=(tcp|udp|sctp):\/\//{ s/=.*//; /_PORT_[0-9]+_(TCP|UDP|SCTP)$/!p; }')
for link in $service_links; do unset "$link"; done
[ -z "$service_links" ] ||
  echo "ignoring $(echo "$service_links" | paste -sd ' '): the address of a Kubernetes Service, not a setting; enableServiceLinks: false in the pod keeps it out" >&2
export HERMES_HOME="${HERMES_HOME:-/opt/data}"
export HERMES_USER="${HERMES_USER:-hermes}"

# The scan directory of s6-svscan as PID 1.
ROOT_SCANDIR=/run/service

# Under whose supervision tree the gateways are: "user" for one of the unprivileged user's own, "root" for PID 1's.
GATEWAY_TREE=${HERMES_GATEWAY_TREE:-user}
if [ "$GATEWAY_TREE" = root ]; then
  export S6_PROFILE_GATEWAY_SCANDIR="$ROOT_SCANDIR"
else
  export S6_PROFILE_GATEWAY_SCANDIR="${S6_PROFILE_GATEWAY_SCANDIR:-/run/hermes/gateways}"
fi

case ${HERMES_MAX_GATEWAYS:=500} in
  '' | 0* | *[!0-9]*)
    echo "HERMES_MAX_GATEWAYS: expected a whole number above 0, found '$HERMES_MAX_GATEWAYS'; taking 500" >&2
    HERMES_MAX_GATEWAYS=500
    ;;
esac
export HERMES_MAX_GATEWAYS

if [ "$(id -u)" = 0 ]; then IS_ROOT=yes; else IS_ROOT=no; fi

# Runs a command as the unprivileged user; a container may be that user from the start.
as_hermes() {
  if [ "$IS_ROOT" = yes ]; then
    HOME=$HERMES_HOME s6-setuidgid "$HERMES_USER" "$@"
  else
    "$@"
  fi
}

# The same, but replaces this script (exec).
exec_as_hermes() {
  export HOME="$HERMES_HOME"
  [ "$IS_ROOT" = no ] || set -- s6-setuidgid "$HERMES_USER" "$@"
  exec "$@"
}

# The owner that chown understands: a name brings its group, UID:GID has one already.
owner_hermes() {
  case $HERMES_USER in
    *:*) echo "$HERMES_USER" ;;
    *) echo "$HERMES_USER:" ;;
  esac
}

# Brings the time limits of the slots up to date with what their gateways need by now.
refresh_slots() {
  if [ "$GATEWAY_TREE" = root ]; then refresh='env'; else refresh='as_hermes'; fi
  "$refresh" timeout --kill-after=1 5 \
    hermes-s6 reconcile --refresh-only --home "$HERMES_HOME" --scandir "$S6_PROFILE_GATEWAY_SCANDIR" >/dev/null ||
    echo "$1: the time limits of the gateways may be out of date" >&2
}

# The longest time limit of the slots in a directory, in ms. Read as the unprivileged user, who could have put anything
# there: who can write a slot must not keep the container from stopping, and no slot that hermes-s6 makes has more.
longest_slot_ms() {
  # shellcheck disable=SC2016
  longest=$(as_hermes timeout 5 sh -c 'cat "$1"/gateway-*/timeout-kill' sh "$1" 2>/dev/null |
    grep -E '^[1-9][0-9]{0,8}$' | sort -n | tail -n 1)
  [ "${longest:-0}" -le 3600000 ] || longest=3600000
  echo "${longest:-0}"
}

# The option that has s6-svscan supervise $1 services: -c up to s6 2.14, -C, which counts loggers too, from 2.13 on. Asked
# of the program itself, with a directory that cannot be: it refuses an option that it does not know before it looks there.
services_limit() {
  for option in "-c $1" "-C $((2 * $1))"; do
    # shellcheck disable=SC2086
    s6-svscan $option /dev/null/none 2>/dev/null
    if [ $? = 111 ]; then
      echo "$option"
      return
    fi
  done
  echo "s6-svscan: expected to know the option -c or -C, found neither; it supervises as many services as it does by default" >&2
}

# For a service that is switched off, which has 3 as its notification-fd: ready for an instant, then down. What was never
# ready is a failure to s6-rc, which then starts nothing that depends on it.
switched_off() {
  echo >&3
  exec 3>&-
  s6-svwait -U -t 5000 . 2>/dev/null
  exit 0
}

# Whether s6-overlay is about to stop the container, which it does not before the boot scripts have ended. Its shutdownd
# has a child from then on, and none before.
container_is_stopping() {
  for comm in /proc/[0-9]*/comm; do
    name=
    { read -r name <"$comm"; } 2>/dev/null
    [ "$name" = s6-linux-init-s ] || continue
    [ -z "$(cat "${comm%/comm}"/task/*/children 2>/dev/null)" ] || return 0
  done
  return 1
}

# Gives a directory of root's to the user. Works on the directory that it is in, not on its name: no part of the path can be
# exchanged between the look and the change. Fails for one of root's that is reached through a link. Without CAP_DAC_OVERRIDE,
# root cannot enter one that is the user's already.
give_to_hermes() (
  [ "$(stat -L -c %u "$1")" = 0 ] || return 0
  cd -P "$1" || return 1
  [ "$(stat -c %u .)" = 0 ] || return 0
  [ "$(pwd -P)" = "${1%/}" ] || return 1
  chown -h "$(owner_hermes)" .
)

dashboard_wanted() {
  case ${HERMES_DASHBOARD:-} in
    1 | [Tt][Rr][Uu][Ee] | [Yy][Ee][Ss] | [Oo][Nn]) return 0 ;;
    *) return 1 ;;
  esac
}
