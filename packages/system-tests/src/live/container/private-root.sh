#!/bin/sh
# Arguments: IMAGE VOLUME HOSTNAME USER ENTRYPOINT [LAYER]. PID 1 of fresh namespaces: builds the container's root, of
# which the machine sees nothing and nothing remains, and becomes ENTRYPOINT, run by USER.
set -eu
trap 'exit 143' TERM
image=$1 volume=$2 hostname=$3 user=$4 entrypoint=$5 layer=${6:-}

# The machine's own Debian serves as the base image; what a container writes goes into memory.
mount -t tmpfs -o mode=755 tmpfs /mnt
mkdir /mnt/upper /mnt/work /mnt/root
mount -t overlay -o lowerdir=/,upperdir=/mnt/upper,workdir=/mnt/work overlay /mnt/root
cd /mnt/root

copy() {
  tar -C "$1" --exclude=./opt/hermes -cf - . | tar --no-same-owner --no-overwrite-dir -xf -
}
mount -t tmpfs -o mode=755 tmpfs run
copy "$image"
[ -z "$layer" ] || copy "$layer"
mkdir -p opt/hermes opt/data
mount --bind "$image/opt/hermes" opt/hermes
mount -o remount,bind,ro opt/hermes
mount --bind "$volume" opt/data
grep -q '^hermes:' etc/passwd || echo 'hermes:x:10000:10000::/opt/data:/usr/sbin/nologin' >>etc/passwd
grep -q '^hermes:' etc/group || echo 'hermes:x:10000:' >>etc/group

# What is the machine's and not the base image's: the checkout under test, above all.
for entry in *; do
  case $entry in bin | boot | dev | etc | lib* | opt | proc | run | sbin | sys | usr | var) continue ;; esac
  if [ -d "$entry" ] && [ ! -L "$entry" ]; then mount -t tmpfs -o mode=755 tmpfs "$entry"; fi
done
chmod 1777 tmp
mount -t proc -o nosuid,nodev,noexec proc proc
mount -t tmpfs -o mode=755,nosuid tmpfs dev
for device in null zero full random urandom tty; do
  : >"dev/$device"
  mount --bind "/dev/$device" "dev/$device"
done
ln -s /proc/self/fd dev/fd
mkdir dev/shm
mount -t tmpfs -o mode=1777,nosuid,nodev tmpfs dev/shm
echo "$hostname" >/proc/sys/kernel/hostname

[ "$user" = root ] || chown 10000:10000 run
pivot_root . mnt
umount -n -l /mnt
cd /
trap - TERM
[ "$user" = root ] || exec s6-setuidgid "$user" "$entrypoint"
exec "$entrypoint"
