package kinds

import (
	"fmt"

	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/version"
)

// Kinds are all kinds that a cluster of one minor version knows.
type Kinds struct {
	minor    *version.Version
	services []Storage
	custom   *customKinds
}

// Absent says why a kind is not there.
type Absent struct {
	// Unknown is false if the API server refuses the kind, and true if that cannot be told here.
	Unknown bool
	Message string
}

// New is called after the minor version was set.
func New(minor *version.Version) (*Kinds, error) {
	services, err := serviceStorages()
	if err != nil {
		return nil, err
	}
	return &Kinds{minor: minor, services: services, custom: newCustomKinds()}, nil
}

// Find gives a kind, or why there is none.
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
