module gitops-gen/tests/helm

go 1.24
