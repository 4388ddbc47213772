package verdict

import (
	"time"

	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apiserver/pkg/registry/rest"

	"gitops-gen/tools/apicheck/internal/kinds"
	"gitops-gen/tools/apicheck/internal/manifest"
	"gitops-gen/tools/apicheck/internal/protocol"
)

// Create returns whether the API server accepts a new object, with strict validation of fields.
func Create(all *kinds.Kinds, text *manifest.Manifest) protocol.Verdict {
	kind, why := all.Find(text.Kind)
	if why != nil {
		return absent(why)
	}
	return onAnyCluster(kind, func(kind *kinds.Kind) protocol.Verdict {
		object, causes := decode(kind, text)
		if len(causes) == 0 {
			causes = create(kind, object)
		}
		return verdictOf(causes)
	})
}

// Values that the server generates. They are constant, so that answers are reproducible.
const (
	madeUpUID    = "00000000-0000-0000-0000-000000000000"
	madeUpSuffix = "00000"
)

var madeUpTime = metav1.NewTime(time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC))

// create prepares and validates a decoded object, as the server does before it stores the object. It
// returns the causes of a refusal.
func create(kind *kinds.Kind, object runtime.Object) []protocol.Cause {
	if err := beforeCreate(kind, object); err != nil {
		return causesOf(kind, err)
	}
	return nil
}

func beforeCreate(kind *kinds.Kind, object runtime.Object) error {
	metadata, err := meta.Accessor(object)
	if err != nil {
		return err
	}
	prepare(kind, metadata)
	ctx := kind.Context("create", namespaceOf(kind, metadata), metadata.GetName())
	if kind.Storage.BeginCreate != nil {
		if err := kind.Storage.BeginCreate(ctx, object); err != nil {
			return err
		}
	}
	if err := rest.BeforeCreate(kind.Strategy, ctx, object); err != nil {
		return err
	}
	if kind.Storage.Admit != nil {
		return kind.Storage.Admit(object, nil)
	}
	return nil
}

func prepare(kind *kinds.Kind, metadata metav1.Object) {
	rest.WipeObjectMetaSystemFields(metadata)
	metadata.SetManagedFields(nil)
	metadata.SetUID(madeUpUID)
	metadata.SetCreationTimestamp(madeUpTime)
	if prefix := metadata.GetGenerateName(); prefix != "" && metadata.GetName() == "" {
		generated := kind.Strategy.GenerateName(prefix)
		metadata.SetName(generated[:max(len(generated)-len(madeUpSuffix), 0)] + madeUpSuffix)
	}
}

// namespaceOf returns the namespace of the request: "default" for an object without a namespace.
func namespaceOf(kind *kinds.Kind, metadata metav1.Object) string {
	switch {
	case !kind.Strategy.NamespaceScoped():
		return metav1.NamespaceNone
	case metadata.GetNamespace() == "":
		return metav1.NamespaceDefault
	}
	return metadata.GetNamespace()
}
