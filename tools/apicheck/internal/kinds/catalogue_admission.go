package kinds

import (
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/kubernetes/pkg/registry/admissionregistration/mutatingadmissionpolicy"
	"k8s.io/kubernetes/pkg/registry/admissionregistration/mutatingadmissionpolicybinding"
	"k8s.io/kubernetes/pkg/registry/admissionregistration/mutatingwebhookconfiguration"
	"k8s.io/kubernetes/pkg/registry/admissionregistration/resolver"
	"k8s.io/kubernetes/pkg/registry/admissionregistration/validatingadmissionpolicy"
	"k8s.io/kubernetes/pkg/registry/admissionregistration/validatingadmissionpolicybinding"
	"k8s.io/kubernetes/pkg/registry/admissionregistration/validatingwebhookconfiguration"
)

const admissionGroup = "admissionregistration.k8s.io"

// admissionStrategies are the rules of webhooks and admission policies. Without an authorizer, they
// apply to an administrator, who may read every parameter.
var admissionStrategies = catalogue{
	{Group: admissionGroup, Kind: "MutatingWebhookConfiguration"}:     mutatingwebhookconfiguration.Strategy,
	{Group: admissionGroup, Kind: "ValidatingWebhookConfiguration"}:   validatingwebhookconfiguration.Strategy,
	{Group: admissionGroup, Kind: "MutatingAdmissionPolicy"}:          mutatingadmissionpolicy.NewStrategy(nil, guess),
	{Group: admissionGroup, Kind: "MutatingAdmissionPolicyBinding"}:   mutatingadmissionpolicybinding.NewStrategy(nil, nil, guess),
	{Group: admissionGroup, Kind: "ValidatingAdmissionPolicy"}:        validatingadmissionpolicy.NewStrategy(nil, guess),
	{Group: admissionGroup, Kind: "ValidatingAdmissionPolicyBinding"}: validatingadmissionpolicybinding.NewStrategy(nil, nil, guess),
}

// guess replaces the discovery of a cluster. The rules use it only to check permissions.
var guess = resolver.ResourceResolverFunc(
	func(kind schema.GroupVersionKind) (schema.GroupVersionResource, error) {
		return plural(kind), nil
	})
