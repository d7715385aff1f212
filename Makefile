# Short names for what docker/README.md and package.json say at length.
DOCKER ?= docker
IMAGE ?= parley-mcpserver

.PHONY: image own-tools gateway run up down test demo

image:
	$(DOCKER) build -f docker/Dockerfile -t $(IMAGE) .

own-tools: image
	$(DOCKER) build --build-arg PARLEY=$(IMAGE) -t own-tools docker/examples/own-tools

gateway:
	$(DOCKER) build -f docker/Dockerfile --target gateway --build-arg APP=proxy -t parley-gateway .

run:
	$(DOCKER) run --rm -p 127.0.0.1:8089:8089 $(IMAGE)

docker/secrets/token docker/secrets/join:
	mkdir -p docker/secrets
	umask 077 && openssl rand -hex 24 > $@

up: docker/secrets/token docker/secrets/join
	PARLEY_IMAGE=$(IMAGE) PARLEY_UID=$$(id -u) $(DOCKER) compose -f docker/compose.yaml up --build

down:
	$(DOCKER) compose -f docker/compose.yaml down

test:
	npm test

demo:
	npm run demo
