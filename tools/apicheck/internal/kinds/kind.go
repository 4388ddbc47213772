// Package kinds contains the kinds of objects that an API server stores: built-in and custom ones.
package kinds

import (
	"context"

	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apiserver/pkg/authentication/user"
	genericapirequest "k8s.io/apiserver/pkg/endpoints/request"
	"k8s.io/apiserver/pkg/registry/rest"

	"gitops-gen/tools/apicheck/internal/protocol"
)

// Strategy contains the rules of a kind: preparation, validation, canonical form. The term is that of
// Kubernetes.
type Strategy interface {
	rest.RESTCreateStrategy
	rest.RESTUpdateStrategy
}

// Codec converts between JSON and the Go types of the rules.
type Codec interface {
	// Decode sets the defaults. It returns unknown and duplicate fields as errors in `strict`.
	Decode(text []byte) (object runtime.Object, strict []error, err error)
	// Encode returns the object in the version of the API of the kind.
	Encode(object runtime.Object) ([]byte, error)
	// Merge applies the difference between two manifests to `live`, as kubectl apply does.
	Merge(before, after, live []byte) ([]byte, error)
}

// Storage contains what the server does before and after a strategy. Each function may be nil.
type Storage struct {
	// BeginCreate and BeginUpdate set the fields that the server allocates, before the strategy.
	BeginCreate func(ctx context.Context, object runtime.Object) error
	BeginUpdate func(ctx context.Context, object, old runtime.Object) error
	// Admit applies an admission plugin that needs no other object, after the strategy.
	// `old` is nil for a new object.
	Admit func(object, old runtime.Object) error
	// Settle sets fields of a stored object that a controller sets and that rules read.
	Settle func(object runtime.Object)
}

// Kind is one kind in one version of its API.
type Kind struct {
	schema.GroupVersionKind
	Strategy Strategy
	Codec    Codec
	Storage  Storage
	// OtherStorages are those of clusters with other IP families, if the rules depend on them.
	OtherStorages []Storage
	// Older converts the causes of a refusal to those of an older version. It may be nil.
	Older func([]protocol.Cause) []protocol.Cause
}

// Context returns the context of a request by an administrator.
func (k *Kind) Context(verb, namespace, name string) context.Context {
	plural, _ := meta.UnsafeGuessKindToResource(k.GroupVersionKind)
	info := &genericapirequest.RequestInfo{
		IsResourceRequest: true, Verb: verb, APIGroup: k.Group, APIVersion: k.Version,
		Resource: plural.Resource, Namespace: namespace, Name: name,
	}
	ctx := genericapirequest.WithNamespace(genericapirequest.NewContext(), namespace)
	ctx = genericapirequest.WithUser(ctx, administrator)
	return genericapirequest.WithRequestInfo(ctx, info)
}

var administrator = &user.DefaultInfo{
	Name: "apicheck", Groups: []string{user.SystemPrivilegedGroup, user.AllAuthenticated},
}
