#!/bin/sh
# Writes the lock files anew from setup.cfg and pyproject.toml, with hashes. What is pinned already stays at its version, unless
# `tools/lock.sh --upgrade` says otherwise. Needs pip-tools: COMPILE=/path/to/pip-compile where it is not on the path.
#   constraints.txt             what running needs, and setuptools and wheel, by which the project itself is installed
#   constraints-postgresql.txt  on top, for a site on PostgreSQL
#   constraints-dev.txt         on top, for tests
set -eu
cd "$(dirname "$0")/.."
compile="${COMPILE:-pip-compile} --quiet --allow-unsafe --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --strip-extras"
extra() {
  python3 -c "import configparser, sys; c = configparser.ConfigParser(); c.read('setup.cfg'); print(c['options.extras_require'][sys.argv[1]])" "$1"
}
$compile "$@" --build-deps-for wheel --build-deps-for editable --output-file constraints.txt setup.cfg
for name in postgresql dev; do
  extra "$name" | $compile "$@" --constraint constraints.txt --output-file "constraints-$name.txt" -
done
