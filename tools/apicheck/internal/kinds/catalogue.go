package kinds

import (
	"maps"

	"k8s.io/apimachinery/pkg/runtime/schema"
)

// catalogue maps a kind, in all versions of its API, to its rules.
type catalogue map[schema.GroupKind]Strategy

// strategies are the rules of all built-in kinds that the API server stores and that have a version
// of the API which is enabled by default. A test compares them with the scheme.
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
