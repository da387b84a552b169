# `make demo` and `make test` are all that a fresh clone needs; `make help` lists the rest.
.DEFAULT_GOAL := help
run := toolchain/toolchain run
# Side by side what can be, such as tools and packages; makes that this one calls do so by that.
ifeq ($(MAKELEVEL),0)
MAKEFLAGS += --jobs=3
endif

.PHONY: help setup tools node demo demo-lab demo-server demo-down test check shell unit plugin lab-test e2e drill bench docs pin-service-images

help: ## this list
	@sed -n 's/^\([a-z0-9-]*\):.*## \(.*\)/make \1|\2/p' $(MAKEFILE_LIST) | column -t -s '|'

setup: tools node_modules/.package-lock.json ## tools and packages, nothing else

tools: node
	@toolchain/toolchain ensure $(parts)

node:
	@toolchain/toolchain ensure --quiet node

# With Node.js alone: the other tools are being made meanwhile.
node_modules/.package-lock.json: package-lock.json | node
	@PATH="$$(dirname "$$(toolchain/toolchain path node)"):$$PATH" npm ci --no-audit --no-fund

# All that is needed is made at once.
check unit plugin: parts := --local
test lab-test e2e drill bench: parts := --lab
demo-server: parts := --demo
# While the tools compile, the throw-away server waits for Debian's packages.
demo-server: demo-lab
ifneq ($(filter demo,$(MAKECMDGOALS)),)
ifeq ($(shell docker version >/dev/null 2>&1 && echo yes),yes)
demo: parts := --local
else
demo: parts := --demo
demo: demo-lab
endif
endif

demo-lab:
	@lab/lab up demo

demo: setup ## a real experiment on this machine's Docker engine; where there is none, on a throw-away server
	@$(run) node lab/demo.ts up

demo-server: setup ## a real experiment on a throw-away server
	@$(run) node lab/demo.ts server

demo-down: ## takes the demo away
	@$(run) node lab/demo.ts down

test: setup ## what every commit has to pass: all but the long drills
	@$(MAKE) --no-print-directory --output-sync check shell unit plugin
	@test/stories/run.sh 'test/stories/fast/*.test.ts' 'test/lab/*.test.ts'

check: setup ## types, lint, which room imports which, and what nobody uses
	@$(run) npm run --silent check

shell: ## shellcheck over every script
	@test/shell.sh

unit: setup ## pure modules and components, in seconds
	@$(run) npm test

plugin: setup ## our own resource plugin, against a real sshd
	@test/plugin.sh

lab-test: setup ## throw-away servers: what they are, and that nothing of them stays
	@$(run) node --test --test-concurrency=1 'test/lab/*.test.ts' test/stories/long/labs.test.ts

e2e: setup ## the real program on a lab of its own
	@test/stories/run.sh

drill: setup ## the long drills: the engine killed at thirty moments, ten deployments at once, twenty redeploys, every interruption, the takeover from an earlier program, most of what an image can be (an hour)
	@DALLINGER_DRILL_SEEDS="$$(seq -s ' ' 1 30)" DALLINGER_DRILL_SERVERS=2 DALLINGER_E2E_TIMEOUT=7200000 \
		test/stories/run.sh test/stories/fast/killed.test.ts 'test/stories/long/*.test.ts'

docs: setup ## the tables of docs/configuration.md, from the shapes of the blocks
	@$(run) node docs/writeTables.ts

pin-service-images: setup ## for a release: the digests of the services' default images, which needs a way to their registries
	@$(run) node ops/pinServiceImages.ts

bench: setup ## what deployments cost beside the same done by hand, into docs/benchmarks.md (about an hour)
	@test/bench/run.sh
