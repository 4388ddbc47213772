package kinds

import (
	"k8s.io/apiextensions-apiserver/pkg/registry/customresourcedefinition"
	"k8s.io/kube-aggregator/pkg/registry/apiservice"
)

// extensionStrategies are the rules of CustomResourceDefinition and APIService.
var extensionStrategies = catalogue{
	{Group: "apiextensions.k8s.io", Kind: "CustomResourceDefinition"}: customresourcedefinition.NewStrategy(scheme),
	{Group: "apiregistration.k8s.io", Kind: "APIService"}:             apiservice.NewStrategy(scheme),
}
