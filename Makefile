# `make` lists the targets. Requires Node 20, npm, and Debian with root (to install packages) or a
# running Docker Engine. Everything else is installed here; k6 is taken from PATH or built with Go 1.25.

.DEFAULT_GOAL := help
.PHONY: help demo down example test test-long test-unit test-mutation test-integration bench bench-quick bench-table bench-scale bench-overhead bench-attempt bench-schedule bench-deadline bench-cache bench-farm bench-deploy bench-machines dist deb image lint lint-workflows format clean

ROOT_FILES := package.json package-lock.json
FOR_ALL := node_modules/.for-all
# an installation of all is one for the build as well: npm would remove all else
FOR_BUILD := $(or $(wildcard $(FOR_ALL)),node_modules/.for-build)

help:  ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-18s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: $(FOR_BUILD)  ## Run 200 calls of 5 s on 2 blocking workers, with the offload and without
	@DEMO_PORT=$(DEMO_PORT) node --import tsx examples/demo/main.ts

down: $(FOR_BUILD)  ## Stop the demo's nginx and app
	@node --import tsx examples/demo/main.ts down

example: $(FOR_BUILD)  ## Run one of examples/ until Ctrl-C: make example NAME=farm
	@PORT=$(PORT) examples/start.sh $(NAME)

test: $(FOR_ALL)  ## Lint, unit and integration tests, on every nginx release of the matrix
	@npm run --silent lint
	@node build/test.mjs unit integration

test-long: $(FOR_ALL)  ## Properties of 10,000 values each, a 5-minute soak, 20,000 clients, results of 1 GB; under 20 minutes
	@OFFLOAD_LONG=1 node build/test.mjs unit integration --testPathPatterns property.test held/soak held/leaks held/lifecycle metrics/metrics result/large redis/killed bench/bench

test-unit: $(FOR_ALL)  ## The deciding code alone, in seconds, without Docker; ONLY=offload/schedule for a folder
	@node build/test.mjs unit $(if $(ONLY),--testPathPatterns 'unit/$(ONLY)')

test-mutation: $(FOR_ALL)  ## Whether the unit tests notice small changes of the pure code; 30 minutes or more; ONLY=src/offload/poll/decide.ts
	@npx stryker run build/mutation/stryker.config.mjs $(if $(ONLY),--mutate '$(ONLY)')

test-integration: $(FOR_ALL)  ## nginx in containers; ONLY=cache for a folder, OFFLOAD_MATRIX=trixie,forky for some
	@node build/test.mjs integration $(if $(ONLY),--testPathPatterns 'integration/$(ONLY)')

bench: $(FOR_ALL)  ## Compare with other systems under the published load; HELP=1 lists the settings
	@node --import tsx bench/runner/run.ts comparison

bench-quick: $(FOR_ALL)  ## The same with 50 clients and 2 s of work; 6 minutes
	@CONNECTIONS=50 REQUESTS=100 JOB=2s SPREAD=0s,400ms LIMIT=10s CROWDS=0 node --import tsx bench/runner/run.ts comparison

bench-table: $(FOR_ALL)  ## Regenerate pages, plot and README from the figures in bench/results
	@RESULTS=$(RESULTS) node --import tsx bench/runner/tables.ts

bench-deploy: $(FOR_ALL)  ## A deploy in the middle of slow calls; 25 minutes; HELP=1
	@node --import tsx bench/runner/run.ts deploy

bench-scale: $(FOR_ALL)  ## Memory, CPU and latency of 1000 and 10,000 held clients, polled and on Redis; 20 minutes; HELP=1
	@node --import tsx bench/runner/run.ts scale

bench-machines: $(FOR_ALL)  ## Three nginx with one Redis, one of them killed; what more clients take; 1 minute; HELP=1
	@node --import tsx bench/runner/run.ts machines

bench-attempt: $(FOR_ALL)  ## Cost of an attempt by part: instructions, system calls, CPU; 2 minutes; HELP=1
	@node --import tsx bench/runner/run.ts attempt

bench-overhead: $(FOR_ALL)  ## Cost for requests that are not offloaded; HELP=1
	@node --import tsx bench/runner/run.ts overhead

bench-schedule: $(FOR_ALL)  ## Figures and plot of docs/schedule.md: simulations, and the cost of a plan on each engine; HELP=1
	@node --import tsx bench/runner/run.ts schedule

bench-deadline: $(FOR_ALL)  ## Fast requests beside slow ones, with and without deadlines; under 2 minutes; HELP=1
	@node --import tsx bench/runner/run.ts deadline

bench-cache: $(FOR_ALL)  ## Pages for anonymous visitors, cached and not cached; HELP=1
	@node --import tsx bench/runner/run.ts cache

bench-farm: $(FOR_ALL)  ## A farm of single-process backends, a pool and round robin compared; HELP=1
	@node --import tsx bench/runner/run.ts farm

dist: $(FOR_BUILD)  ## Build dist/offload (for /etc/nginx/offload) and its tarball
	@npm run --silent dist

deb: $(FOR_BUILD)  ## Build the Debian package, dist/nginx-offload_VERSION_all.deb, in a container
	@build/package/deb.sh

image: $(FOR_BUILD)  ## Build the image nginx-offload, to copy /etc/nginx/offload from; OFFLOAD_IMAGE=another name
	@OFFLOAD_IMAGE=$(OFFLOAD_IMAGE) build/package/image.sh

lint: $(FOR_ALL)  ## Check types, style and format
	@npm run --silent lint

lint-workflows:  ## The workflows in .github, by actionlint (built with Go where it is missing)
	@actionlint=$$(build/setup/actionlint.sh) && "$$actionlint" .github/workflows/*.yml && echo '==> actionlint: no errors in .github/workflows'

format: $(FOR_ALL)  ## Put the format right, and the table of docs/settings.md
	@npm run --silent format

clean:  ## Remove build results and node_modules (not the container images)
	@rm -rf dist node_modules

# Two installations, a marker file of each: `dependencies` of package.json are what the build needs
node_modules/.for-build: $(ROOT_FILES)
	@build/setup/node-modules.sh 'what the build needs' --omit=dev
	@touch $@

$(FOR_ALL): $(ROOT_FILES)
	@build/setup/node-modules.sh all
	@touch $@
