#!/usr/bin/env bash
# What the deployment guide says, word by word, on an empty kind cluster: chart by chart, the overlay, and all in one.
source tests/kind/shared.sh

images local

eval "$(documented 'On any cluster, chart by chart' | if helm version --short | grep -q ^v3; then sed 's/ --logs//'; else cat; fi)"

# The policies are enforced when a pod of another namespace cannot reach what vote-app just reached.
# Only silence counts: any other end than a timeout, also a name that is not found, is a failure.
kubectl run intruder --namespace default --image voting-app/vote:local --restart Never --command -- \
  /nodejs/bin/node --eval "
    const socket = require('node:net').connect({ host: 'redis.voting-dev', port: 6379, timeout: 10_000 });
    socket.on('timeout', () => process.exit(0));
    socket.on('connect', () => process.exit(1));
    socket.on('error', () => process.exit(2));"
kubectl wait pod/intruder --namespace default --for jsonpath='{.status.phase}'=Succeeded --timeout 90s

# the overlay, with test votes
kubectl apply -k k8s-manifests/overlays/local
kubectl -n voting-local wait --for=condition=Available deployment --all --timeout=5m
seed=$(kubectl -n voting-local create -f k8s-manifests/seed.yaml --output name)
kubectl -n voting-local wait --for=condition=Complete "$seed" --timeout=3m

# everything in one release; one environment is removed and takes nothing from the others
helm install voting helm-chart/voting-app -n voting --create-namespace --wait --timeout 5m \
  --set=vote-app.{vote,worker,result,host}.image.tag=local
helm test voting -n voting
helm uninstall vote-app postgresql redis infrastructure -n voting-dev --wait
kubectl -n voting-dev get all --output name | if grep .; then echo 'Something stays behind.'; exit 1; fi
kubectl -n voting rollout restart statefulset/redis
kubectl -n voting rollout status statefulset/redis --timeout=2m
helm test voting -n voting
