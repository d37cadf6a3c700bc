#!/usr/bin/env bash
# The charts on a real cluster: tests/kind/e2e.sh NAME, on an empty kind cluster of that name.
set -euo pipefail

cluster=$1
namespace=voting-dev
tag=e2e

install() {
  helm upgrade "$1" "helm-chart/$1" --install --namespace "$namespace" --create-namespace \
    --wait --timeout 5m "${@:2}"
}

IMAGE_TAG=$tag docker compose build vote result worker
for service in vote result worker; do
  kind load docker-image --name "$cluster" "voting-app/$service:$tag"
done

install infrastructure --take-ownership
install postgresql
install redis
install vote-app --set-string "vote.image.tag=$tag,result.image.tag=$tag,worker.image.tag=$tag"
helm test vote-app --namespace "$namespace" --logs

# The policies are enforced when a pod of another namespace cannot reach what vote-app just reached.
# Only silence counts: any other end than a timeout, also a name that is not found, is a failure.
kubectl run intruder --namespace default --image "voting-app/vote:$tag" --restart Never --command -- \
  /nodejs/bin/node --eval "
    const socket = require('node:net').connect({ host: 'redis.$namespace', port: 6379, timeout: 10_000 });
    socket.on('timeout', () => process.exit(0));
    socket.on('connect', () => process.exit(1));
    socket.on('error', () => process.exit(2));"
kubectl wait pod/intruder --namespace default --for jsonpath='{.status.phase}'=Succeeded --timeout 90s

kubectl port-forward --namespace "$namespace" service/vote 8080 &
kubectl port-forward --namespace "$namespace" service/result 8081 &
trap 'kill $(jobs -p)' EXIT
npx node tools/src/smoke.ts
