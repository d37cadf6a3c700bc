# Every image of the product, a target each: vote, result, worker, host, seed, and embedded (all in one process).
# Servers run their TypeScript as it is, so building means installing, and copying what belongs together.

FROM node:24-trixie-slim AS sources
WORKDIR /src
COPY . .
# The manifests alone, so that the installation below is cached until one of them changes.
RUN mkdir /manifests \
 && find . -name package.json -exec cp --parents -t /manifests {} + \
 && cp package-lock.json .npmrc /manifests/

# Installs one workspace and the workspaces it needs, without development packages and without the
# Node.js that laptops get through npm. `assemble` adds the sources of what npm has linked.
FROM node:24-trixie-slim AS install
WORKDIR /app
COPY --from=sources /manifests ./
ENV NPM_CONFIG_OMIT=dev NPM_CONFIG_UPDATE_NOTIFIER=false NPM_CONFIG_CACHE=/npm
RUN printf '%s\n' '#!/bin/sh' 'set -eu' \
  'mkdir /assembled' \
  'cp -R package.json node_modules /assembled/' \
  'for link in node_modules/@voting/*; do' \
  '  folder=$(realpath --relative-to=. "$link")' \
  '  mkdir -p "/assembled/$folder"' \
  '  cp -R "$folder/." "/src/$folder/." "/assembled/$folder/"' \
  'done' > /usr/local/bin/assemble && chmod +x /usr/local/bin/assemble

FROM install AS vote-files
RUN --mount=type=cache,target=/npm npm ci --workspace=@voting/vote
RUN --mount=type=bind,from=sources,source=/src,target=/src assemble

FROM install AS result-files
RUN --mount=type=cache,target=/npm npm ci --workspace=@voting/result
RUN --mount=type=bind,from=sources,source=/src,target=/src assemble

FROM install AS worker-files
RUN --mount=type=cache,target=/npm npm ci --workspace=@voting/worker
RUN --mount=type=bind,from=sources,source=/src,target=/src assemble

FROM install AS host-files
RUN --mount=type=cache,target=/npm npm ci --workspace=@voting/host
RUN --mount=type=bind,from=sources,source=/src,target=/src assemble

FROM install AS seed-files
RUN --mount=type=cache,target=/npm npm ci --workspace=@voting/seed-data
RUN --mount=type=bind,from=sources,source=/src,target=/src assemble

FROM install AS embedded-files
RUN --mount=type=cache,target=/npm npm ci --workspace=@voting/embedded
RUN --mount=type=bind,from=sources,source=/src,target=/src assemble
RUN mkdir /data

# No shell and no package manager. The files belong to root; the process cannot change them.
FROM gcr.io/distroless/nodejs24-debian13:nonroot AS runtime
ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="voting-app" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.licenses="MIT"
WORKDIR /app
USER 1000:1000
# The secrets that are published with the code are refused.
ENV NODE_ENV=production
# Node.js strips types and warns that this is new
ENV NODE_OPTIONS=--disable-warning=ExperimentalWarning
STOPSIGNAL SIGTERM
# Ready, not only alive: whoever waits for a service waits until it does its work.
HEALTHCHECK --interval=3s --timeout=3s --start-period=60s --retries=3 \
  CMD ["/nodejs/bin/node", "-e", "fetch(`http://127.0.0.1:${process.env.OPS_PORT ?? 9090}/readyz`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]

FROM runtime AS vote
COPY --from=vote-files /assembled ./
EXPOSE 8080 9090
CMD ["vote/src/main.ts"]

FROM runtime AS result
COPY --from=result-files /assembled ./
EXPOSE 8081 9090
CMD ["result/src/main.ts"]

FROM runtime AS worker
COPY --from=worker-files /assembled ./
EXPOSE 9090
CMD ["worker/src/main.ts"]

FROM runtime AS host
COPY --from=host-files /assembled ./
EXPOSE 8082 9090
CMD ["host/src/main.ts"]

# A program that ends; arguments after the image's name are its flags.
FROM runtime AS seed
COPY --from=seed-files /assembled ./
HEALTHCHECK NONE
ENTRYPOINT ["/nodejs/bin/node", "seed-data/src/main.ts"]
CMD []

FROM runtime AS embedded
COPY --from=embedded-files /assembled ./
COPY --from=embedded-files --chown=1000:1000 /data /data
ENV DATA_DIR=/data
VOLUME /data
EXPOSE 8080 8081 8082 9090
CMD ["embedded/src/main.ts"]
