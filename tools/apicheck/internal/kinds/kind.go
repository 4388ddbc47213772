// Package kinds knows the kinds of objects that an API server stores, built in or by a CRD.
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

// Strategy is what Kubernetes calls the rules of a kind: preparation, validation, canonical form.
type Strategy interface {
	rest.RESTCreateStrategy
	rest.RESTUpdateStrategy
}

// Codec translates between JSON and the form that the rules read.
type Codec interface {
	// Decode fills in defaults. Unknown and duplicate fields come as errors in `strict`.
	Decode(text []byte) (object runtime.Object, strict []error, err error)
	// Encode gives the version of the API that the kind names.
	Encode(object runtime.Object) ([]byte, error)
	// Merge applies to `live` what differs between two manifests, as kubectl apply does.
	Merge(before, after, live []byte) ([]byte, error)
}

// Storage is what the server does around a strategy. Each function may be nil.
type Storage struct {
	// BeginCreate and BeginUpdate fill in what the server allocates, before the strategy.
	BeginCreate func(ctx context.Context, object runtime.Object) error
	BeginUpdate func(ctx context.Context, object, old runtime.Object) error
	// Admit is what an admission plugin that needs no state says, after the strategy.
	// `old` is nil for a new object.
	Admit func(object, old runtime.Object) error
	// Settle is what a controller of the server writes to a stored object that rules ask for.
	Settle func(object runtime.Object)
}

// Kind is one kind in one version of its API.
type Kind struct {
	schema.GroupVersionKind
	Strategy Strategy
	Codec    Codec
	Storage  Storage
	// OtherStorages are those of clusters that are set up in another way, if that matters.
	OtherStorages []Storage
	// Older turns the causes of a refusal into those that an older version gives. It may be nil.
	Older func([]protocol.Cause) []protocol.Cause
}

// Context is that of a request by an administrator.
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
