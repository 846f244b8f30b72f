# Everything stands in .venv. Its stamps say what is installed, so that a second call starts at once.
BIN := .venv/bin

.PHONY: help run test lint types bench crash pictures setup

help:
	@echo "make run    前台，马上能用      serve with config.yaml: no credentials, no servers needed"
	@echo "make test   检查与全部测试      lint, types and every test"
	@echo "make bench  性能测量            measure, with the peers beside"
	@echo "make crash  断电测试            kill the process 200 times and count what was lost"

run: .venv/.run
	@exec $(BIN)/frontdesk run $(ARGS)

test: lint types
	$(BIN)/pytest $(ARGS)

lint: .venv/.dev
	$(BIN)/ruff check
	$(BIN)/ruff format --check

types: .venv/.dev
	$(BIN)/mypy

bench: .venv/.dev
	$(BIN)/python -m tests.bench $(ARGS)

crash: .venv/.dev
	$(BIN)/python -m tests.crash $(ARGS)

pictures: .venv/.dev
	FRONTDESK_PICTURES=docs $(BIN)/pytest tests/story

setup: .venv/.dev

.venv/.run: pyproject.toml .ci/setup
	@.ci/setup run

.venv/.dev: pyproject.toml .ci/setup
	@.ci/setup dev
