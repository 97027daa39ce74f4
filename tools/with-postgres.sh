#!/bin/sh
# Runs a command beside a private PostgreSQL server, which is gone afterwards: tools/with-postgres.sh pytest tests/search
# The server lies in a temporary folder, listens on a socket in it alone, and is not made for anything but tests. The folder is in
# memory where there is room and TMPDIR names no other: a database for each test takes a sixth of the time there.
set -eu
bin=$("$(dirname "$0")/need-postgres.sh")
room=$(df -Pk /dev/shm 2>/dev/null | awk 'NR == 2 { print $4 }')
[ "${room:-0}" -gt 2097152 ] && place=/dev/shm || place=/tmp
work=$(mktemp -d "${TMPDIR:-$place}/pg.XXXXXX")
# The server refuses to run as root.
as=""
if [ "$(id -u)" = 0 ]; then
  chown nobody "$work"
  as="setpriv --reuid=nobody --regid=$(id -g nobody) --clear-groups"
fi
cd "$work"
trap '$as "$bin/pg_ctl" -D "$work/data" -m immediate -w stop >/dev/null 2>&1 || true; rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
$as "$bin/initdb" -D "$work/data" -U forum -A trust -E UTF8 --locale=C.UTF-8 --no-sync >"$work/initdb.log" || { cat "$work/initdb.log"; exit 1; }
$as tee "$work/data/postgresql.auto.conf" >/dev/null <<P
listen_addresses = ''
unix_socket_directories = '$work'
max_connections = 200
shared_buffers = 256MB
fsync = off
synchronous_commit = off
full_page_writes = off
autovacuum = off
max_wal_size = 1GB
wal_level = minimal
max_wal_senders = 0
log_min_messages = fatal
timezone = 'Asia/Kolkata'
P
$as "$bin/pg_ctl" -D "$work/data" -l "$work/data/log" -w start >/dev/null || { cat "$work/data/log"; exit 1; }
cd - >/dev/null
FORUM_TEST_DATABASE="postgresql+psycopg://forum@/postgres?host=$work" "$@"
