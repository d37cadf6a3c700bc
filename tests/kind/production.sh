#!/usr/bin/env bash
# Production on an empty kind cluster: from the commit before to this one, scaled by hand, upgraded and rolled back, while
# votes flow. tests/kind/production.sh PREVIOUS, the folder of a checkout of the commit before.
source tests/kind/shared.sh

previous=$1
namespace=voting-prod

# what kind has not: secrets and load balancers of AWS, a bucket, and disks that large
install() {
  local chart=$1 folder=$2
  shift 2
  forced helm upgrade "$chart" "$folder/helm-chart/$chart" --install --namespace "$namespace" \
    --values "$folder/helm-chart/$chart/values-prod.yaml" --wait --timeout 10m "$@"
}

install_all() {
  local folder=$1 tag=$2
  install infrastructure "$folder" --take-ownership --set secrets.source=generated
  install redis "$folder" --set persistence.size=1Gi
  install postgresql "$folder" --set persistence.size=1Gi --set backup.claim=dumps
  install vote-app "$folder" --set ingress.enabled=false \
    --set "$(services "$folder" | sed "s|.*|&.image.tag=$tag|" | paste -sd, -)"
}

votes() {
  kubectl -n "$namespace" exec postgresql-0 -- psql -U postgres -Atc 'SELECT count(*) FROM votes'
}

images before "$previous"
images after
kubectl create namespace "$namespace"
kubectl -n "$namespace" apply --filename - << END
apiVersion: v1
kind: PersistentVolumeClaim
metadata: { name: dumps }
spec: { accessModes: [ReadWriteOnce], resources: { requests: { storage: 1Gi } } }
END

install_all "$previous" before
seed=$(sed -e 's/seed:local/seed:after/' -e 's/a=2000,b=1000/a=20000,b=10000/' -e 's/args: \[/&--rate, "100", /' \
  k8s-manifests/seed.yaml | kubectl -n "$namespace" create --output name --filename -)

install_all . after
kubectl -n "$namespace" scale deployment/worker --replicas=4
install_all . after
test "$(kubectl -n "$namespace" get deployment worker --output jsonpath='{.spec.replicas}')" = 2
kubectl -n "$namespace" scale deployment/worker --replicas=4
forced helm rollback vote-app --namespace "$namespace" --wait
test "$(helm status vote-app --namespace "$namespace" --output json | jq --raw-output .info.status)" = deployed

kubectl -n "$namespace" wait --for=condition=Complete "$seed" --timeout=10m
for _ in {1..60}; do
  test "$(votes)" = 30000 && break
  sleep 1
done
test "$(votes)" = 30000
npx node tools/src/recount.ts --via "kubectl exec -i -n $namespace postgresql-0 --"
kubectl -n "$namespace" create job --from=cronjob/postgresql-backup dump-now
kubectl -n "$namespace" wait --for=condition=Complete job/dump-now --timeout=5m
