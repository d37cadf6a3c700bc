#!/usr/bin/env bash
# For the scripts beside it.
set -euo pipefail

cluster=voting

# images TAG [FOLDER]: builds those of a checkout and brings them into the cluster
images() {
  (cd "${2:-.}" && IMAGE_TAG=$1 docker compose --profile seed build)
  kind load docker-image --name "$cluster" voting-app/{vote,worker,result,seed}:"$1"
}

# what Helm 4 needs to take back what was changed by hand; Helm 3 knows no such flag
forced() {
  case $(helm version --short) in
    v3*) "$@" ;;
    *) "$@" --force-conflicts ;;
  esac
}

documented() {
  npx node tests/kind/documented.ts "$1"
}
