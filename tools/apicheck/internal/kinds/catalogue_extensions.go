package kinds

import (
	"k8s.io/apiextensions-apiserver/pkg/registry/customresourcedefinition"
	"k8s.io/kube-aggregator/pkg/registry/apiservice"
)

// extensionStrategies are the rules of what adds kinds to the API server.
var extensionStrategies = catalogue{
	{"apiextensions.k8s.io", "CustomResourceDefinition"}: customresourcedefinition.NewStrategy(scheme),
	{"apiregistration.k8s.io", "APIService"}:             apiservice.NewStrategy(scheme),
}
