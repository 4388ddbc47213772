package kinds

import (
	"maps"

	"k8s.io/apimachinery/pkg/runtime/schema"
)

// catalogue holds the rules of kinds, whatever the version of the API.
type catalogue map[schema.GroupKind]Strategy

// strategies are the rules of every built-in kind that a version of the API enabled by default
// stores. A test compares it with the scheme.
var strategies = merged(
	coreStrategies, workloadsStrategies, networkStrategies, storageStrategies, accessStrategies,
	admissionStrategies, deviceStrategies, extensionStrategies,
)

func merged(parts ...catalogue) catalogue {
	all := catalogue{}
	for _, part := range parts {
		maps.Copy(all, part)
	}
	return all
}
