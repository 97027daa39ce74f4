#!/bin/sh
# Prints the folder of PostgreSQL's server programs. Installs Debian's package where it may, else says what to install.
set -eu
look() {
  if command -v initdb >/dev/null && command -v pg_ctl >/dev/null; then
    dirname "$(readlink -f "$(command -v pg_ctl)")"
    exit 0
  fi
  for folder in $(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -rV); do
    [ -x "$folder/initdb" ] && [ -x "$folder/pg_ctl" ] && echo "$folder" && exit 0
  done
  return 0
}
look
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  echo "Installing Debian's postgresql for the tests on it" >&2
  # The tests start a server of their own: the package need not make a cluster.
  mkdir -p /etc/postgresql-common
  [ -e /etc/postgresql-common/createcluster.conf ] || echo "create_main_cluster = false" >/etc/postgresql-common/createcluster.conf
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends postgresql >/dev/null
  look
fi
echo "The tests on PostgreSQL need its server. Install it with: sudo apt-get install postgresql" >&2
exit 1
