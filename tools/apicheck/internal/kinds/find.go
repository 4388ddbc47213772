package kinds

import (
	"fmt"

	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/version"
)

// Kinds are all kinds of a cluster of one minor version of Kubernetes.
type Kinds struct {
	minor    *version.Version
	services []Storage
	custom   *customKinds
}

// Absent is the reason why a kind is not available.
type Absent struct {
	// Unknown is false if the API server refuses the kind, and true if this program cannot decide.
	Unknown bool
	Message string
}

// New must be called after minor.Emulate.
func New(minor *version.Version) (*Kinds, error) {
	services, err := serviceStorages()
	if err != nil {
		return nil, err
	}
	return &Kinds{minor: minor, services: services, custom: newCustomKinds()}, nil
}

// Find returns a kind, or why it is not available.
func (k *Kinds) Find(wanted schema.GroupVersionKind) (*Kind, *Absent) {
	if scheme.IsGroupRegistered(wanted.Group) {
		return k.builtIn(wanted)
	}
	found, absent := k.custom.find(wanted)
	if found != nil {
		found.Older = k.older(numericFormats)
	}
	return found, absent
}

func notServed(wanted schema.GroupVersionKind, hint string) *Absent {
	message := fmt.Sprintf(
		"no matches for kind %q in version %q", wanted.Kind, wanted.GroupVersion())
	if hint != "" {
		message += ": " + hint
	}
	return &Absent{Message: message}
}

func unknown(format string, values ...any) *Absent {
	return &Absent{Unknown: true, Message: fmt.Sprintf(format, values...)}
}
