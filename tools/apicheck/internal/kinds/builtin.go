package kinds

import (
	"fmt"
	"regexp"

	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// stable matches the versions that are enabled by default. Since 1.24, new beta versions are not.
var stable = regexp.MustCompile(`^v[0-9]+$`)

func (k *Kinds) builtIn(wanted schema.GroupVersionKind) (*Kind, *Absent) {
	if absent := k.unserved(wanted); absent != nil {
		return nil, absent
	}
	return k.compiledIn(wanted)
}

// FindOld returns the kind of an object that is stored in the cluster. Its manifest may contain a
// version of the API that is no longer served.
func (k *Kinds) FindOld(wanted schema.GroupVersionKind) (*Kind, *Absent) {
	if scheme.Recognizes(wanted) {
		return k.compiledIn(wanted)
	}
	return k.Find(wanted)
}

func (k *Kinds) compiledIn(wanted schema.GroupVersionKind) (*Kind, *Absent) {
	strategy, stored := strategies[wanted.GroupKind()]
	if !stored {
		return nil, unknown(
			"%s in version %s is not an object that the API server stores",
			wanted.Kind, wanted.GroupVersion())
	}
	found := &Kind{GroupVersionKind: wanted, Strategy: strategy, Codec: builtInCodec{wanted}}
	switch wanted.GroupKind() {
	case schema.GroupKind{Kind: "Service"}:
		found.Storage, found.OtherStorages = k.services[0], k.services[1:]
	case schema.GroupKind{Kind: "Pod"}:
		found.Storage = Storage{BeginCreate: defaultAccount}
	case schema.GroupKind{Kind: "Namespace"}:
		found.Storage = Storage{Admit: podSecurityLabels}
	case schema.GroupKind{Group: "apiextensions.k8s.io", Kind: "CustomResourceDefinition"}:
		found.Storage = Storage{Settle: establish}
	}
	found.Older = k.older(changedRules[wanted.GroupKind()])
	return found, nil
}

// unserved returns why this minor version does not serve a kind in a group of Kubernetes, or nil.
func (k *Kinds) unserved(wanted schema.GroupVersionKind) *Absent {
	life := k.lifeOf(wanted)
	if !life.known && k.newerThanLinked() {
		return unknown("Kubernetes %s may serve it; its kinds are not known here", k.minor)
	}
	if state := life.at(k.minor); state.served() {
		return nil
	}
	return notServed(wanted, life.hint(k.minor))
}

func plural(kind schema.GroupVersionKind) schema.GroupVersionResource {
	resource, _ := meta.UnsafeGuessKindToResource(kind)
	return resource
}

// storedElsewhere returns the advice to use another version of the same group, if it serves the kind.
func (k *Kinds) storedElsewhere(wanted schema.GroupVersionKind) string {
	if _, stored := strategies[wanted.GroupKind()]; !stored {
		return ""
	}
	for _, version := range scheme.PrioritizedVersionsForGroup(wanted.Group) {
		other := version.WithKind(wanted.Kind)
		if k.lifeOf(other).at(k.minor).served() {
			return fmt.Sprintf("use %s", version)
		}
	}
	return ""
}
