# On a fresh machine `make run` and `make test` need nothing before them. `make help` lists all.
SHELL := /bin/sh
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:
.PHONY: help run test lint bench package windows wheel requirements catalogue pictures cases clean

PYTHON := .venv/bin/python
PIP := $(PYTHON) -m pip --disable-pip-version-check --quiet install --require-hashes
BABEL := $(PYTHON) -m babel.messages.frontend
DIST := dist
DEMO := -m gui.demo build/demo
SCREEN := xvfb-run -a -s "-screen 0 1280x800x24" sh -c
SOURCES := main.py netlib gui tests
CATALOGUE := netlib/locale/zh_CN/LC_MESSAGES/socketboard

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 16

ifneq ($(DISPLAY)$(filter Darwin,$(shell uname)),)
run: system-run .venv/runtime ## open the window; without a display, play the demo into build/demo
	@exec $(PYTHON) main.py
else
run: system-screen .venv/runtime
	@mkdir -p build/demo
	@echo "no display: playing the demo into build/demo"
	@exec $(SCREEN) 'openbox >build/demo/openbox.log 2>&1 & exec $(PYTHON) $(DEMO)'
endif

test: system-test .venv/dev ## unit, property, sockets and gui tests
	$(PYTHON) -m pytest -q --numprocesses auto --dist worksteal

lint: .venv/dev ## ruff, mypy for Linux and Windows, the Chinese catalogue
	$(PYTHON) -m ruff check .
	$(PYTHON) -m ruff format --check .
	$(PYTHON) -m mypy --platform linux --cache-dir .mypy_cache/linux $(SOURCES)
	$(PYTHON) -m mypy --platform win32 --cache-dir .mypy_cache/win32 $(SOURCES)
	$(PYTHON) -m pytest -q tests/unit/test_locale.py

bench: system-test .venv/dev ## measure and print; nothing passes or fails
	$(PYTHON) -m tests.bench

package: system-package .venv/dev ## the executables and their zip in dist/
	$(PYTHON) -m PyInstaller --noconfirm --log-level WARN --workpath build/pyinstaller \
	    --distpath $(DIST) build.spec

windows: system-windows .venv/dev ## tests on Windows' Python (by wine), then its executables in dist/
	sh requirements/windows.sh test
	@$(MAKE) --no-print-directory windows-package
	$(PYTHON) -m pytest -q tests/frozen/test_windows.py

wheel: .venv/wheel ## the wheel and the source archive in dist/
	@rm -rf build/lib build/bdist.* *.egg-info dist/*.whl dist/*.tar.gz
	@$(PYTHON) -m build --quiet --no-isolation
	$(PYTHON) -m twine --no-color check --strict dist/*.whl dist/*.tar.gz

catalogue: .venv/dev ## bring the Chinese catalogue up to date with the sources
	@mkdir -p build
	$(BABEL) -q extract -k N_ --no-location --sort-output -o build/socketboard.pot main.py netlib gui
	$(BABEL) -q update -i build/socketboard.pot -o $(CATALOGUE).po -l zh_CN --width 100 \
	    --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date
	$(BABEL) compile --statistics -i $(CATALOGUE).po -o $(CATALOGUE).mo

pictures: .venv/runtime ## draw the pictures of gui/pictures anew
	$(PYTHON) -m gui.icon

cases: .venv/dev ## record the cases of netlib/teaching/cases anew (Linux; nftables, iproute2)
	$(PYTHON) -m tests.cases netlib/teaching/cases

requirements: .venv/dev ## renew requirements/*.txt from pyproject.toml
	@python3 -m venv build/uv && build/uv/bin/pip --quiet install uv
	@for name in runtime dev wheel; do \
	    { echo "# Exact versions, with the hash of every file, for all systems; from pyproject.toml"; \
	      echo "# by \`make requirements\`. Do not edit."; \
	      build/uv/bin/uv pip compile --quiet --universal --python-version 3.11 --upgrade \
	          --generate-hashes --no-header --no-annotate --no-emit-index-url \
	          $$([ $$name = runtime ] || echo --extra $$name) pyproject.toml; \
	    } >build/$$name.txt && mv build/$$name.txt requirements/$$name.txt || exit 1; \
	done

clean: ## remove all that was made here
	rm -rf .venv build dist *.egg-info .hypothesis .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# --- what the targets above stand on ---

# Who builds the same sources twice gets the same bytes, the archive included.
package windows-package wheel: export SOURCE_DATE_EPOCH := $(or $(SOURCE_DATE_EPOCH),$(shell git log -1 --format=%ct 2>/dev/null),1767225600)
package windows-package: export PYTHONHASHSEED := 1

.PHONY: windows-package
windows-package:
	sh requirements/windows.sh package --distpath $(DIST)

.PHONY: system-run system-screen system-test system-package system-windows
system-run system-screen system-test system-package system-windows: system-%:
	@sh requirements/system.sh $*

# The environment, only as new as its list: a second call costs nothing. Our own sources are compiled
# like those of packages, so that even the first start, or one that may not write, is quick.
.venv/runtime .venv/dev .venv/wheel: .venv/%: requirements/%.txt | .venv/bin/python
	@echo "installing requirements/$*.txt into .venv"
	@$(PIP) -r $<
	@$(PYTHON) -m compileall -q main.py netlib gui
	@touch $@

.venv/bin/python:
	@sh requirements/system.sh run
	@python=$$(sh requirements/python.sh) || { echo "no Python >= 3.11 with tkinter here"; exit 1; }; \
	echo "making .venv with $$python" && "$$python" -m venv .venv
