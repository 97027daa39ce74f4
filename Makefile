# Two commands matter: `make run` and `make test`. Everything is installed into .venv: from constraints.txt what running needs, from
# constraints-dev.txt what tests need on top.
PORT ?= 8000
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: run test fmt lint types check docs tests walk test-postgres test-whoosh3 bench bench-search slow-clients kill-drainer lock reset clean

run: $(VENV)/run.stamp
	@$(BIN)/forum demo
	@$(BIN)/forum serve --port $(PORT)

# `make test TEST=tests/kernel` runs that alone: a folder, a file, or `TEST="tests/spc/test_xmr.py -k flat"`.
ifdef TEST
test: $(VENV)/dev.stamp
	@$(if $(findstring journeys,$(TEST)),tools/need-chromium.sh)
	$(BIN)/python -m pytest $(TEST)
else
test: $(VENV)/dev.stamp
	@tools/need-chromium.sh
	@$(MAKE) --no-print-directory lint
	@$(MAKE) --no-print-directory -j 2 types tests
endif

# Mends what a tool can mend.
fmt: $(VENV)/dev.stamp
	$(BIN)/ruff check --fix forum tests
	$(BIN)/ruff format forum tests

lint: $(VENV)/dev.stamp
	$(BIN)/ruff check forum tests
	$(BIN)/ruff format --check forum tests

# All that looks at the code without running it: a minute instead of many.
check: lint types docs

# Every link and every name of a file in the documents leads somewhere.
docs: $(VENV)/dev.stamp
	$(BIN)/python -m pytest -q tests/architecture/test_docs.py

# Beside the tests, which at times wait.
types: $(VENV)/dev.stamp
	$(BIN)/mypy forum
	$(BIN)/lint-imports

tests: $(VENV)/dev.stamp
	$(BIN)/python -m pytest -n 2 --dist worksteal

# The stories in a browser alone, and axe on every kind of page at every size.
walk: $(VENV)/dev.stamp
	@tools/need-chromium.sh
	FORUM_WALK=all $(BIN)/python -m pytest tests/journeys

# What uses a database, once more on a private PostgreSQL server. The demo is loaded there by the test of exports; the walks over all
# addresses and buttons ask nothing of a database that the other tests do not.
test-postgres: $(VENV)/dev.stamp
	tools/with-postgres.sh $(BIN)/python -m pytest -n 2 --dist worksteal -m database --ignore tests/demo --ignore tests/architecture/test_buttons.py --ignore tests/architecture/test_addresses.py

# The search once more on the fallback for Whoosh, from a folder that stands before the installed one.
test-whoosh3: $(VENV)/dev.stamp build/whoosh3
	PYTHONPATH=$(CURDIR)/build/whoosh3 $(BIN)/python -c 'import whoosh; assert whoosh.__version__[0] == 3, whoosh.__file__'
	PYTHONPATH=$(CURDIR)/build/whoosh3 $(BIN)/python -m pytest -n 2 tests/search

build/whoosh3: $(VENV)/bin/python tools/whoosh3.txt
	rm -rf $@
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes --no-deps --target $@ -r tools/whoosh3.txt
	@touch $@

bench: $(VENV)/dev.stamp
	$(BIN)/python -m tests.bench

# `make bench-search SIZES=100000` takes some half an hour.
SIZES ?= 1000 10000
bench-search: $(VENV)/dev.stamp
	$(BIN)/python -m tests.bench.search $(SIZES)
	TMPDIR=$${TMPDIR:-/tmp} tools/with-postgres.sh $(BIN)/python -m tests.bench.search $(SIZES) --engine postgresql

# How long others wait while SLOW connections of each kind are slow on purpose, beside a site with the demo on PORT.
SLOW ?= 200
slow-clients: $(VENV)/dev.stamp
	$(BIN)/python -m tests.bench.slow $(PORT) $(SLOW)

# The worker killed at random moments while people write, many times.
KILLS ?= 50
kill-drainer: $(VENV)/dev.stamp
	KILLS=$(KILLS) $(BIN)/python -m pytest -q tests/search/test_killed.py

$(VENV)/bin/python:
	$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or later is needed" if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv $(VENV)

# What is tested is what runs: the second lock has the versions of the first, and tools on top. tools/lock.sh writes both.
$(VENV)/run.stamp: $(VENV)/bin/python constraints.txt setup.cfg
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r constraints.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/dev.stamp: $(VENV)/run.stamp constraints-dev.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r constraints-dev.txt
	@touch $@

# Needs pip-tools: `COMPILE=/path/to/pip-compile make lock`.
lock:
	tools/lock.sh

# What people wrote on this machine's site is deleted, after saying what that is. YES=1 asks nothing.
reset:
	@tools/reset.sh

clean:
	rm -rf $(VENV) build dist *.egg-info
