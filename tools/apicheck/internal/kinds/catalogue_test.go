package kinds

import (
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/runtime/schema"
)

// notStored are kinds of stable versions that are requests, parts of requests or lists of values,
// and no objects.
var notStored = map[string]bool{
	"APIGroup": true, "APIVersions": true, "Binding": true, "ComponentStatus": true, "Status": true, "ConversionReview": true, "DeleteOptions": true,
	"Eviction": true, "LocalSubjectAccessReview": true, "NodeProxyOptions": true,
	"PodAttachOptions": true, "PodExecOptions": true, "PodLogOptions": true,
	"PodPortForwardOptions": true, "PodProxyOptions": true, "PodStatusResult": true,
	"RangeAllocation": true, "Scale": true, "SelfSubjectAccessReview": true,
	"SelfSubjectReview": true, "SelfSubjectRulesReview": true, "SerializedReference": true,
	"ServiceProxyOptions": true, "SubjectAccessReview": true, "TokenRequest": true,
	"TokenReview": true, "WatchEvent": true, "CreateOptions": true, "GetOptions": true,
	"ListOptions": true, "PatchOptions": true, "UpdateOptions": true,
}

// TestEveryStableKindHasRules fails when a new version of Kubernetes brings a kind: it is either
// added to the catalogue or named above.
func TestEveryStableKindHasRules(t *testing.T) {
	found := map[schema.GroupKind]bool{}
	for kind := range scheme.AllKnownTypes() {
		if !stable.MatchString(kind.Version) || strings.HasSuffix(kind.Kind, "List") {
			continue
		}
		found[kind.GroupKind()] = true
		if _, stored := strategies[kind.GroupKind()]; !stored && !notStored[kind.Kind] {
			t.Errorf("%s has no rules", kind)
		}
	}
	for kind := range strategies {
		if !found[kind] {
			t.Errorf("%s is of no stable version", kind)
		}
	}
}
