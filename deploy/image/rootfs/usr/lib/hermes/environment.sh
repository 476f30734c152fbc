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

# Gives a directory of root's to the user. Works on the directory that it is in, not on its name: no part of the path can be
# exchanged between the look and the change. Fails for one of root's that is reached through a link.
give_to_hermes() (
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
