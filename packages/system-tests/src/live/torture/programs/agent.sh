#!/bin/bash
# agent.sh FILE: answers "MESSAGE~SECONDS" with MESSAGE and its own pid after that time, and appends a line to FILE when
# it starts and when it ends: S or E, pid, Unix seconds, MESSAGE. One write a line, so that lines stay whole.
LC_ALL=C
IFS= read -r -d '' text
message=${text%%~*}
printf 'S %s %s %s\n' "$$" "$EPOCHREALTIME" "$message" >>"$1"
# What agents say on stderr goes to the log of the gateway: enough of it to fill a pipe that is not read.
printf '%01024d\n' 0 >&2
printf '%s ' "$message"
sleep "${text#*~}"
printf 'E %s %s %s\n' "$$" "$EPOCHREALTIME" "$message" >>"$1"
printf '%s' "$$"
