# make          set up .venv, rerun what changed, export every figure
# make test     set up, then every test
# make help     what else there is

.DEFAULT_GOAL := all
.PHONY: all test torture check trace draft accept read site report reports workflow lab bench fonts lock clean help
MAKEFLAGS += --no-print-directory
VENV := .venv
PY := $(VENV)/bin/python
# A name is taken as it is: neither make nor the shell looks into it.
override REPORT := $(value REPORT)
override NAME := $(value NAME)
override TEXT := $(value TEXT)
override COVERS := $(value COVERS)
override ID := $(value ID)
export REPORT NAME TEXT COVERS ID
BENCH := $(VENV)/bench
WORKFLOW := $(VENV)/workflow
# No setting of the reader's own may reach a result.
export PYTHONDONTWRITEBYTECODE :=
export MPLBACKEND := agg
unexport MATPLOTLIBRC PYTHONASYNCIODEBUG PYTHONDEVMODE PYTHONHOME PYTHONOPTIMIZE PYTHONPATH PYTHONSAFEPATH PYTHONWARNINGS
RUN := PYTHONPATH=notebooks $(PY)

all: $(VENV)/ready
	@$(RUN) -m workreport.rerun

test: $(VENV)/ready-to-test
	@$(PY) -m pytest -q -n auto --dist loadfile --no-loadscope-reorder tests $(if $(FAST),-m "not slow")

torture: $(VENV)/ready-to-test
	@PYTHONPATH=notebooks:tests ONLY="$(ONLY)" SHORT="$(SHORT)" $(PY) -m torture

trace: $(VENV)/ready
	@$(RUN) -m workreport.share.trace

check: $(VENV)/ready
	@$(RUN) -m workreport.proof.check

draft: $(VENV)/ready
	@$(RUN) -m workreport.entry.draft

accept: $(VENV)/ready
	@$(RUN) -m workreport.entry.accept

site: all
	@$(RUN) -m workreport.share.site

read: all
	@$(RUN) -m workreport.share.annotated

report: $(VENV)/ready
	@$(RUN) -m workreport.rerun --report "$$NAME"

reports: $(VENV)/ready
	@$(RUN) -m workreport.rerun --report all

workflow: $(VENV)/ready $(WORKFLOW)/ready
	@$(WORKFLOW)/bin/snakemake --cores $(or $(CORES),all)

lab: $(VENV)/ready
	@# From the folder of the project, so that links to figures/ open; a chart of the reader's own needs his kernel's backend.
	@env -u MPLBACKEND $(PY) -m jupyter lab --ServerApp.root_dir=. "$(firstword $(sort $(wildcard notebooks/[0-9]*.ipynb)))"

bench: $(BENCH)/ready
	@$(BENCH)/bin/python tests/bench/bench.py

fonts: $(VENV)/ready
	@$(PY) -m pip download --quiet --disable-pip-version-check --require-hashes --no-deps -r tests/fonts.txt -d $(VENV)/fonts
	@$(PY) notebooks/workreport/fonts/build.py $(VENV)/fonts/*.whl

LOCK = $(PY) -m uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --no-emit-index-url --no-annotate --no-header

lock: $(VENV)/ready-to-test
	@$(PY) -m uv --version >/dev/null 2>&1 || $(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r .ci/uv.lock
	@echo uv | $(LOCK) - -o .ci/uv.lock
	@$(LOCK) requirements.txt -o requirements.lock
	@$(LOCK) tests/requirements.txt -c requirements.lock -o tests/requirements.lock
	@$(LOCK) tests/bench/requirements.txt -c requirements.lock -o tests/bench/requirements.lock
	@$(LOCK) workflow/requirements.txt -o workflow/requirements.lock

clean:
	@rm -rf $(VENV)

help:
	@echo "make          set up, rerun the notebooks that changed, export every figure"
	@echo "make test     set up, then run every test"
	@echo "make site     build the site, the Excel workbook and the zip archive in site/"
	@echo "make draft    propose the tables of another report, NAME=area-year TEXT=path/to/text, with a proof sheet (COVERS=\"headline targets\" for some sections)"
	@echo "make accept   move a draft into data/, NAME=area-year TEXT=path/to/text, once nothing is open and both readings agree"
	@echo "make report   run the notebooks for one report, NAME=its folder in data/, into reports/ (make reports: for all)"
	@echo "make workflow the same as make reports by Snakemake, one job per report, on a cluster too (workflow/Snakefile says how)"
	@echo "make read     the report with its figures marked, TEXT=path/to/text, in read/ (never in the site)"
	@echo "make trace    the way of a figure from the text to every sentence and chart, ID=G01 (TEXT=path/to/text shows the words around it)"
	@echo "make torture  try to break every promise (ONLY=data,input runs some campaigns, SHORT=1 a sample)"
	@echo "make lab      open the first notebook in JupyterLab"
	@echo "make check    prove the tables (REPORT=path/to/text proves them against the report's text too)"
	@echo "make bench    measure reruns against other ways to run notebooks, a quarter of an hour"
	@echo "make fonts    rebuild the fonts, after a table got a character that GB 2312 lacks"
	@echo "make lock     renew the locked versions after requirements.txt changed"
	@echo "make clean    remove the environment"

$(VENV)/ready: requirements.lock .ci/set-up .jupyter/jupyter_config.py .jupyter/ipython_kernel_config.py
	@sh .ci/set-up "$(VENV)" requirements.lock
	@mkdir -p $(VENV)/etc/jupyter $(VENV)/etc/ipython
	@cp .jupyter/jupyter_config.py $(VENV)/etc/jupyter/ && cp .jupyter/ipython_kernel_config.py $(VENV)/etc/ipython/
	@# A relative path has no letters of the folder, which Python could not read in the locale C.
	@$(PY) -c "import os, sysconfig; site = sysconfig.get_path('purelib'); open(os.path.join(site, 'workreport.pth'), 'w').write(os.path.relpath('notebooks', site) + '\n')"
	@touch $@

$(VENV)/ready-to-test: $(VENV)/ready tests/requirements.lock
	@sh .ci/set-up "$(VENV)" tests/requirements.lock
	@touch $@

$(BENCH)/ready: tests/bench/requirements.lock .jupyter/jupyter_config.py
	@sh .ci/set-up "$(BENCH)" tests/bench/requirements.lock
	@mkdir -p $(BENCH)/etc/jupyter && cp .jupyter/jupyter_config.py $(BENCH)/etc/jupyter/
	@touch $@

$(WORKFLOW)/ready: workflow/requirements.lock
	@sh .ci/set-up "$(WORKFLOW)" workflow/requirements.lock
	@touch $@
