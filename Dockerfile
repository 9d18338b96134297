# One image for api, relay, worker and migrate. Debian: Temporal's native core is built for glibc, not for Alpine's musl.
ARG NODE=node:24.21.0-bookworm-slim

# What runs in production and nothing that only builds or tests. No package's install script is run: none is needed.
FROM ${NODE} AS dependencies
WORKDIR /flywheel
COPY package.json package-lock.json .npmrc ./
RUN --mount=type=cache,target=/tmp/npm npm ci --omit=dev --ignore-scripts --cache /tmp/npm \
    # Temporal's core comes for five platforms; this one's stays.
    && find node_modules/@temporalio/core-bridge/releases -mindepth 1 -maxdepth 1 ! -name "$(uname -m)-unknown-linux-gnu" -exec rm -r {} +

FROM dependencies AS bundle
COPY . .
RUN npm run build -- dist/workflows.cjs

FROM ${NODE} AS runtime
WORKDIR /flywheel
ENV NODE_ENV=production WORKFLOW_BUNDLE=/flywheel/dist/workflows.cjs
COPY --from=dependencies /flywheel/node_modules node_modules
COPY . .
COPY --from=bundle /flywheel/dist dist
# The command line: docker compose run --rm api flywheel doctor
RUN ln -s /flywheel/src/cli/flywheel.mjs /usr/local/bin/flywheel
USER node
# Node itself is the first process, so that SIGTERM reaches it: the role drains and ends with 0.
ENTRYPOINT ["node", "--import", "tsx"]
CMD ["src/main.ts", "api"]
EXPOSE 3000
