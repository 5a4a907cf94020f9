# Everything from a clone: `make` lists what there is. Needs Debian (or a Docker Engine that
# runs already), root for what has to be installed, Node 20 and npm; the rest is set up here,
# but for the load tests' k6: it is on PATH, or built with Go 1.25.

.DEFAULT_GOAL := help
.PHONY: help demo down example test test-long test-unit test-mutation test-integration bench bench-quick bench-table bench-scale bench-overhead bench-deadline bench-cache bench-farm dist lint format clean

ROOT_FILES := package.json package-lock.json
NODE := $(shell command -v node)

help:  ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-18s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: node_modules  ## 200 calls of 5 s on 2 blocking workers, offloaded and not, side by side
	@DEMO_PORT=$(DEMO_PORT) DEMO_APP_PORT=$(DEMO_APP_PORT) node --import tsx demo/main.ts up

down: node_modules  ## End the demo's nginx and app
	@node --import tsx demo/main.ts down

example: node_modules  ## One of examples/ until ctrl-C: make example NAME=farm
	@PORT=$(PORT) examples/start.sh $(NAME)

test: node_modules  ## Everything: lint, unit and integration tests, on every nginx of the matrix
	@npm run --silent lint
	@node build/test.mjs unit integration

test-long: node_modules  ## The long forms: a soak of 5 minutes, crowds of 20,000; under 20 minutes
	@OFFLOAD_LONG=1 node build/test.mjs integration --testPathPatterns soak crowd huge

test-unit: node_modules  ## The deciding code alone, in seconds, without Docker
	@node build/test.mjs unit

test-mutation: node_modules  ## Whether a unit test fails on each small change to the pure code; under 10 minutes
	@node build/mutation/run.mjs

test-integration: node_modules  ## nginx in containers; OFFLOAD_MATRIX=trixie,forky for some
	@node build/test.mjs integration

bench: node_modules  ## This project and its peers under the published load; HELP=1 tells more
	@node --import tsx load/comparison/main.ts

bench-quick: node_modules  ## The same in small: 50 clients, 2 s of work; under 3 minutes
	@CONNECTIONS=50 REQUESTS=100 JOB=2s SPREAD=0s,400ms LIMIT=10s node --import tsx load/comparison/main.ts

bench-table: node_modules  ## Pages, plot and README again, from the figures in load/results
	@RESULTS=$(RESULTS) node --import tsx load/results/republish.ts

bench-scale: node_modules  ## 1000 to 10,000 held clients: memory, CPU, lateness; HELP=1 likewise
	@node --import tsx load/scale/main.ts

bench-overhead: node_modules  ## What it costs requests that are never offloaded; HELP=1 likewise
	@node --import tsx load/overhead/main.ts

bench-deadline: node_modules  ## Slow requests among fast ones: who ends them; under 2 minutes; HELP=1 likewise
	@node --import tsx load/deadline/main.ts

bench-cache: node_modules  ## Pages from the cache for anonymous visitors, and not; HELP=1 likewise
	@node --import tsx load/cache/main.ts

bench-farm: node_modules  ## A farm of single-process backends, beside a pool and by round robin; HELP=1 likewise
	@node --import tsx load/farm/main.ts

dist: node_modules  ## dist/offload, the folder for /etc/nginx/offload, and its tarball
	@npm run --silent dist

lint: node_modules  ## Types, style and format
	@npm run --silent lint

format: node_modules  ## Put the format right
	@npm run --silent format

clean:  ## Remove what was made here (not the container images)
	@rm -rf dist node_modules

# As the lock file says. Not npm ci: it fails where a registry lacks an optional package of
# some other platform. --ignore-scripts: no dependency has to build or download anything.
node_modules: $(ROOT_FILES)
	@test -n "$(NODE)" || { echo 'Node 20 or newer is needed: apt-get install nodejs npm, or https://nodejs.org' >&2; exit 1; }
	@echo '==> Installing the node modules of package-lock.json'
	@npm install --no-save --ignore-scripts --loglevel=error
	@touch node_modules
