#!/usr/bin/env bash
# For the scripts beside it.
set -euo pipefail

cluster=voting

# services FOLDER: those that a checkout has an image of; the commit before may have had fewer
services() {
  (cd "$1" && docker compose --profile seed config --images) | sed -n 's|^voting-app/\([a-z]*\):.*|\1|p' | sort -u
}

# images TAG [FOLDER]: builds those of a checkout and brings them into the cluster
images() {
  local built
  (cd "${2:-.}" && IMAGE_TAG=$1 docker compose --profile seed build)
  mapfile -t built < <(services "${2:-.}" | sed "s|.*|voting-app/&:$1|")
  kind load docker-image --name "$cluster" "${built[@]}"
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
