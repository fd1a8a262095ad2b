# Nothing but Python 3.11 (or newer) and make is needed; the work is done in ops/.

PYTHON ?= $(shell command -v python3.11 || command -v python3 || echo python3)
export PORT DATA ARGS ONLY SCALE
OPS = exec $(PYTHON) -m ops

.DEFAULT_GOAL := help
.PHONY: help run stop manage setup test lint bench requirements clean

help:  ## Show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run:  ## Start a demo portal at http://127.0.0.1:8000 (PORT=8123 DATA=/some/dir for a second one)
	@$(OPS) run

stop:  ## Stop the portal that runs on this DATA
	@$(OPS) stop

manage:  ## Run a management command on this DATA: make manage ARGS="demo_accounts --json"
	@$(OPS) manage

setup:  ## Build everything (virtual environment, front-end files) and start nothing
	@$(OPS) setup

test:  ## Run all tests on a PostgreSQL and Redis of their own (ARGS="tests/accounts -k phone" for some)
	@$(OPS) test

lint:  ## Check style, floors, templates, migrations, types and lock files
	@$(OPS) lint

bench:  ## Measure what the portal must be able to do (ONLY=exports, SCALE=small or full)
	@$(OPS) bench

requirements:  ## Say which requirements the last tests proved, and which nothing proves yet
	@$(OPS) requirements

clean:  ## Remove what was built; the data of instances stay
	@$(OPS) clean
