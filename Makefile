# Everything a newcomer needs. The work is in tools/; this file only names it.
PYTHON ?= python3
PORT ?= 8000
DEMO ?= 1
VENV = .venv/bin/python

.PHONY: run test test-fast lint format assets bench faults demo lock semantic ready ready-dev

run: ## Start MiniChat on this machine (PORT=8000, DEMO=0 for an empty one)
	@MINICHAT_MODE=local PORT=$(PORT) DEMO=$(DEMO) $(PYTHON) tools/setup.py run

test: ready-dev ## All tests: embedded, Postgres + Redis, browser
	@$(VENV) tools/run_tests.py

test-fast: ready-dev ## The embedded tests only, without coverage
	@$(VENV) tools/run_tests.py --fast

faults: ready-dev ## Break things on purpose
	@$(VENV) -m tests.faults $(FAULTS)

bench: ready-dev ## Measure
	@$(VENV) -m benchmarks $(BENCH)

lint: ready-dev ## Style, types, layers, translations
	@$(VENV) tools/lint.py

format: ready-dev ## Let ruff format the tree
	@$(VENV) -m ruff format . && $(VENV) -m ruff check --fix .

assets: ready-dev ## Rebuild static/dist (needs Node)
	@npm ci --silent && $(VENV) tools/build_assets.py

demo: ready ## Seed the demo again
	@MINICHAT_MODE=local $(VENV) manage.py demo

lock: ## Pin requirements*.txt anew from requirements*.in (needs uv)
	@$(PYTHON) tools/lock.py

semantic: ready ## Install the optional extra AI_SEMANTIC needs
	@$(PYTHON) tools/setup.py semantic

ready:
	@$(PYTHON) tools/setup.py ready

ready-dev:
	@$(PYTHON) tools/setup.py ready-dev
