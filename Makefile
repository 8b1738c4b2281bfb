# Everything here needs Go and make; lint fetches its tools by go install.

GO       ?= go
TOOLS    ?= $(CURDIR)/bin/tools
FUZZTIME ?= 20s

GOLANGCI := v2.15.0
GOFUMPT  := v0.12.0

.PHONY: build test lint fuzz bench bench-peers quality demo model

build: ## the command, in bin
	$(GO) build -o bin/chaff ./cmd/chaff

test: ## every test that a fresh machine can run
	$(GO) build ./...
	$(GO) test ./...

lint: $(TOOLS)/golangci-lint $(TOOLS)/gofumpt
	@unformatted=$$($(TOOLS)/gofumpt -l .); \
	if [ -n "$$unformatted" ]; then echo "not formatted by gofumpt:" $$unformatted; exit 1; fi
	$(TOOLS)/golangci-lint run ./...

$(TOOLS)/golangci-lint:
	GOBIN=$(TOOLS) $(GO) install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$(GOLANGCI)

$(TOOLS)/gofumpt:
	GOBIN=$(TOOLS) $(GO) install mvdan.cc/gofumpt@$(GOFUMPT)

fuzz: ## each fuzz target for FUZZTIME
	@found=; for pkg in $$($(GO) list ./...); do \
		list=$$($(GO) test -list '^Fuzz' $$pkg) || { echo "$$list"; exit 1; }; \
		for target in $$(echo "$$list" | grep '^Fuzz'); do \
			found=yes; echo "$$pkg $$target"; \
			$(GO) test -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZTIME) $$pkg || exit 1; \
		done; \
	done; test -n "$$found"

bench: ## speed of each stage, MB/s and allocations
	$(GO) test -run '^$$' -bench . ./bench

bench-peers: build ## other detectors beside chaff, 5,000 and 50,000 articles; needs Python, Cargo and package registries
	python3 -m unittest discover bench/peers
	python3 bench/peers/run.py --chaff bin/chaff --n 5000
	python3 bench/peers/run.py --chaff bin/chaff --n 50000
	@echo "a million, for chaff, the gaoya crate and rensa: python3 bench/peers/run.py --chaff bin/chaff --n 1000000 --repeat 1 --limit 3600"

quality: ## what is found and what is missed, against the committed figures
	$(GO) test -count=1 -v -run Quality ./bench

demo: ## the main job, on the demo folder
	$(GO) run ./cmd/chaff scan testdata/demo

model: ## what the off-topic detector has learnt, from the texts in offtopic/model/train
	$(GO) run ./offtopic/model/train -affinities
	$(GO) run ./offtopic/model/train
	$(GO) run ./offtopic/model/train -weigh
