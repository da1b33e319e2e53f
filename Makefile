# The commands of those who work on clientdesk. `make setup` comes first; `make check` is what must hold before a change
# lands. Another Python: make setup PYTHON=python3.13
PYTHON = python3
BIN = .venv/bin/

.PHONY: help setup check fast pythons test long servers lint wheel snapshots pictures docs demo bench

help:
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | expand -t 14

setup: ## a virtual environment in .venv with everything that is needed here
	$(PYTHON) -m venv .venv
	$(BIN)python -m pip install -c constraints.txt -e '.[dev]'

check: test long servers lint wheel ## all that CI runs

fast: ## the tests of the rules, the store and the commands, on firms in a file: no server, no kills, few screens
	$(BIN)python -m pytest -n 2 --fast

pythons: ## the fast tests on every newer Python that this computer has
	for version in 3.12 3.13 3.14; do \
		python$$version --version >/dev/null 2>&1 || continue; \
		folder=$$(mktemp -d) && python$$version -m venv $$folder && \
		$$folder/bin/python -m pip install --quiet -c constraints.txt -e '.[dev]' && \
		$$folder/bin/python -m pytest -n 2 --fast || exit 1; \
		rm -rf $$folder; \
	done

test: ## every test that does not take long for a reason
	$(BIN)python -m pytest -n 4

long: ## the tests that do: kills, faults, terminals, servers that break, and much by chance
	$(BIN)python -m pytest -n 4 --long

servers: ## the tests on the PostgreSQL and PgBouncer that this computer has installed; skips the rest
	$(BIN)python -m pytest -m servers -k "not same_tests" tests/server/test_installed.py

lint: ## format, lint, spelling, types, and what may import what
	$(BIN)ruff format --check .
	$(BIN)ruff check .
	$(BIN)codespell
	$(BIN)mypy
	$(BIN)lint-imports

wheel: ## builds the wheel and the sdist, installs the wheel elsewhere and uses it there
	$(BIN)python tests/packaging/check_wheel.py

snapshots: ## writes the kept pictures of the screens anew (tests/ui/snapshots); look at the difference
	CLIENTDESK_UPDATE_SNAPSHOTS=1 $(BIN)python -m pytest -n 2 tests/ui --snapshots

pictures: ## makes the pictures of the README anew, from the running program
	CLIENTDESK_UPDATE_PICTURES=1 $(BIN)python -m pytest tests/ui/test_pictures.py

docs: ## writes the manual's pages of reference anew, from the program's declarations
	$(BIN)python -m clientdesk.docs

demo: ## opens a throwaway firm
	$(BIN)clientdesk demo

bench: ## measures how fast the installed program is, in a terminal, and imports; the computer should have nothing else to do
	$(BIN)python tests/bench/bench.py
	$(BIN)python tests/bench/bench_paints.py
	$(BIN)python tests/bench/bench_import.py
