# Two commands for a stranger: `make demo` and `make test`. Needs python3 (3.11 or newer) and make, nothing else.
#   TORCH=cpu (default)  a CPU-only PyTorch, no CUDA packages
#   TORCH=gpu            whatever PyTorch PyPI offers for this machine (on Linux: CUDA)

PYTHON ?= python3
VENV ?= .venv
TORCH ?= cpu
BIN := $(VENV)/bin
PYTEST_ARGS ?= -q -n auto --dist loadfile

# One thread per test process: timings stay steady and two test processes do not fight for two cores.
export OMP_NUM_THREADS ?= 1

.PHONY: demo test lint types contracts docs smoke ci env clean help

help:            ## what there is
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/'

demo: $(VENV)/.installed-core  ## make the environment, explain an example, say where the report is
	@$(BIN)/python scripts/demo.py

test: $(VENV)/.installed-dev   ## make the environment and run the whole test suite
	@$(BIN)/python -m pytest $(PYTEST_ARGS)

lint: $(VENV)/.installed-dev   ## ruff
	@$(BIN)/ruff check src tests scripts

types: $(VENV)/.installed-dev  ## mypy
	@$(BIN)/mypy

contracts: $(VENV)/.installed-dev  ## the floors of the architecture, by import-linter
	@$(BIN)/lint-imports

docs: $(VENV)/.installed-dev   ## links, commands and Python examples in the Markdown files
	@$(BIN)/python scripts/check_docs.py

smoke: $(VENV)/.installed-dev  ## a whole study, small: networks, maps, reports, statistics, page
	@$(BIN)/saliscribe study configs/smoke.toml -o $(VENV)/smoke

ci: lint types contracts docs test smoke  ## everything that must pass

env: $(VENV)/.installed-dev    ## the development environment only

$(VENV)/.installed-core: pyproject.toml constraints-cpu.txt scripts/install.py
	@$(PYTHON) scripts/install.py --venv $(VENV) --torch $(TORCH)
	@touch $@

$(VENV)/.installed-dev: pyproject.toml constraints-cpu.txt scripts/install.py
	@$(PYTHON) scripts/install.py --venv $(VENV) --torch $(TORCH) --extra dev
	@touch $@ $(VENV)/.installed-core

clean:           ## remove the environment and what the demo made
	rm -rf $(VENV) demo-out
