#!/bin/sh
# Deletes what the local site keeps, after saying what that is: database, uploaded files, search index, mail in files. YES=1 asks
# nothing. Only what a site puts into its instance folder is touched, so that a wrong FORUM_INSTANCE costs nobody their files.
set -eu
cd "$(dirname "$0")/.."
folder=${FORUM_INSTANCE:-instance}
[ -d "$folder" ] || { echo "There is no folder $folder: nothing to delete."; exit 0; }
folder=$(cd "$folder" && pwd -P)
case ${FORUM_DATABASE_URL:-sqlite} in
  sqlite*) ;;
  *) echo "FORUM_DATABASE_URL names a database on a server. This deletes files of $folder alone: drop that database yourself first." >&2; exit 1 ;;
esac
set --
for name in forum.db forum.db-wal forum.db-shm files index mail; do
  [ ! -e "$folder/$name" ] || set -- "$@" "$folder/$name"
done
for name in "$folder"/index-* "$folder"/*.lock; do
  [ ! -e "$name" ] || set -- "$@" "$name"
done
[ $# -gt 0 ] || { echo "$folder holds nothing of a site: nothing to delete."; exit 0; }
for handle in /proc/[0-9]*/fd/*; do
  [ "$(readlink "$handle" 2>/dev/null || true)" != "$folder/forum.db" ] || { echo "The site is running from $folder. Stop it first." >&2; exit 1; }
done
echo "This deletes for good, in $folder:"
for name in "$@"; do
  printf '  %-14s %s\n' "$(basename "$name")" "$(du -sh "$name" 2>/dev/null | cut -f1)"
done
if [ "${YES:-}" != 1 ]; then
  printf 'Type yes to go on: '
  read -r answer || answer=
  [ "$answer" = yes ] || { echo "Nothing was deleted."; exit 1; }
fi
rm -rf -- "$@"
echo "Deleted. The next make run begins with the demo content."
