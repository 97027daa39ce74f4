#!/bin/sh
# Builds the wheel, installs it with what running needs into an empty environment outside the checkout, starts it, and looks at two
# pages and their style.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
trap 'kill "$server" 2>/dev/null || true; wait 2>/dev/null || true; rm -rf "$work"' EXIT
server=0
"$root/.venv/bin/python" -m build --wheel --no-isolation --outdir "$work/dist" "$root" >"$work/build.log" 2>&1 || { tail -20 "$work/build.log"; exit 1; }
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check --require-hashes -r "$root/constraints.txt"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check --no-deps "$work"/dist/*.whl
cd "$work"
FORUM_INSTANCE="$work/instance" "$work/venv/bin/forum" demo >"$work/demo.log" 2>&1 || { tail -20 "$work/demo.log"; exit 1; }
FORUM_INSTANCE="$work/instance" "$work/venv/bin/forum" serve --port 8765 --workers 1 >"$work/serve.log" 2>&1 &
server=$!
"$work/venv/bin/python" - <<'P'
import re, time, urllib.request
def get(path):
    with urllib.request.urlopen("http://127.0.0.1:8765" + path, timeout=60) as answer:
        return answer.read().decode()
for _ in range(900):  # a busy machine may take a while
    try:
        home = get("/")
        break
    except OSError:
        time.sleep(0.2)
else:
    raise SystemExit("the installed site did not start")
assert "case studies" in home
style = re.search(r'href="(/assets/[^"]+app\.css)"', home).group(1)
assert ".app-hero" in get(style)
assert "At a glance" in get("/case-studies/1")
print("wheel: pages have their templates and styles")
P
# The extra for PostgreSQL goes on top of what runs there.
"$work/venv/bin/pip" install --quiet --disable-pip-version-check --require-hashes -r "$root/constraints-postgresql.txt"
"$work/venv/bin/pip" check --quiet --disable-pip-version-check
"$work/venv/bin/python" -c 'import psycopg; print("wheel: the extra for PostgreSQL can be installed")'
